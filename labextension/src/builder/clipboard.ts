/** How are steps copied and pasted, also into another notebook?  As JSON text in the clipboard. */
import type { ClipboardEvent } from 'react';
import { outermost, slotsOf } from './document';
import { useBuilder } from './hooks';
import { addPlace } from './places';
import type { BuilderStore } from './store';
import type { IDocument, Plain } from './wire';

/** Twin of `CLIPBOARD` in `ivoryos_jupyter/widgets/builders/_edits.py`. */
const CLIPBOARD = 'ivoryos-steps/1';

/** A step with what lies in it, as workflow JSON has it. */
export function nested(document: IDocument, id: string): { [key: string]: Plain } {
  const found = document.steps[id];
  if (found === undefined) {
    return {};
  }
  const { slots, ...own } = found;
  const inside = (slot: string): Plain[] => (slots?.[slot] ?? []).map(one => nested(document, one));
  const data = { ...(own as unknown as { [key: string]: Plain }) };
  if (found.step === 'if') {
    data.branches = (found.branches ?? []).map((branch, at) => ({ ...branch, body: inside(`branch:${at}`) }));
    data.otherwise = inside('else');
  } else if (slotsOf(found).length > 0) {
    data.body = inside('body');
  }
  return data;
}

/** The selected steps as clipboard text; empty when none is selected. */
function copiedText(document: IDocument, selected: readonly string[]): string {
  const ids = outermost(document, new Set(selected));
  return ids.length === 0 ? '' : JSON.stringify({ format: CLIPBOARD, steps: ids.map(id => nested(document, id)) }, null, 1);
}

interface IHandlers {
  onCopy: (event: ClipboardEvent) => void;
  onCut: (event: ClipboardEvent) => void;
  onPaste: (event: ClipboardEvent) => void;
}

export function useClipboard(): IHandlers {
  const store = useBuilder();
  return {
    onCopy: event => void copy(store, event),
    onCut: event => {
      if (copy(store, event)) {
        void store.tryEdit('remove', { ids: [...store.snapshot().selected] });
      }
    },
    onPaste: event => {
      event.preventDefault();
      const text = event.clipboardData.getData('text/plain');
      void store.tryEdit('paste', () => ({ text, place: { ...addPlace(store.snapshot()) } }));
    }
  };
}

function copy(store: BuilderStore, event: ClipboardEvent): boolean {
  const { document, selected } = store.snapshot();
  const text = document === null ? '' : copiedText(document, selected);
  if (text === '') {
    return false;
  }
  event.preventDefault();
  event.clipboardData.setData('text/plain', text);
  store.set({ announcement: selected.length === 1 ? 'Copied.' : `${selected.length} steps copied.` });
  return true;
}
