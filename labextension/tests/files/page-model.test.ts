import { Signal } from '@lumino/signaling';
import { ENDED, PageModel } from '../../src/files/page-model';
import type { ViewEvent } from '../../src/tokens';

class Source {
  token = 't1';
  readonly events = new Signal<this, ViewEvent>(this);
}

test('only what is told to this view is heard, and nothing after it was closed', () => {
  const source = new Source();
  const model = new PageModel(source, 'mine', 'd1');
  const heard: unknown[] = [];
  model.connection.on('builder.palette', data => heard.push(data));
  source.events.emit({ view: 'other', name: 'builder.palette', data: 1 });
  source.events.emit({ view: 'mine', name: 'builder.palette', data: 2 });
  model.dispose();
  source.events.emit({ view: 'mine', name: 'builder.palette', data: 3 });
  expect(heard).toEqual([2]);
});

test('a request that nobody on the page can pass on is refused at once', async () => {
  const model = new PageModel(new Source(), 'mine', 'd1');
  await expect(model.connection.request('builder.open')).rejects.toThrow(ENDED);
  model.dispose();
});
