/** Devices, builder, runs and history in one widget. */

import { mount, useTrait, useTraitSetter } from '../protocol';
import { DeckView } from '../panels/devices/DeckView';
import { StoreContext, useNewStore } from '../panels/model/hooks';
import { HistoryTab } from '../panels/runs/HistoryTab';
import { RunsTab, useRuns } from '../panels/runs/RunsTab';
import { useCases } from '../panels/needs/recovery';
import '../panels/style/panels.css';
import '../panels/style/needs.css';
import '../builder/builder.css';
import { BuilderTab } from './BuilderTab';

const TABS = ['devices', 'builder', 'runs', 'history'] as const;
type Tab = (typeof TABS)[number];

function readTab(value: unknown): Tab {
  return TABS.find(one => one === value) ?? 'devices';
}

/** Where the records are, in short: `SQLite · ivoryos_data/ivoryos.db`. */
function recordsPlace(place: string): string {
  const parts = place.split(/[\\/]/);
  return place.endsWith('.db') ? `SQLite · ${parts.slice(-2).join('/')}` : place;
}

function Dashboard(): JSX.Element {
  const tab = useTrait('tab', readTab);
  const place = useTrait('place', String);
  const set = useTraitSetter();
  const store = useNewStore('');
  const runs = useRuns();
  const cases = useCases(true);
  const active = runs?.runs.filter(one => one.state !== 'ended').length ?? 0;
  const needs = cases.runs.length + (runs?.runs.filter(one => one.question !== null).length ?? 0);
  return (
    <StoreContext.Provider value={store}>
      <div className="ivo ivo-dashboard" role="region" aria-label="IvoryOS">
        <div className="ivo-tabs" role="tablist">
          {TABS.map(one => (
            <button
              key={one}
              type="button"
              role="tab"
              aria-selected={one === tab}
              className={one === tab ? 'ivo-on' : ''}
              onClick={() => set('tab', () => one)}
            >
              {one.charAt(0).toUpperCase() + one.slice(1)}
              {one === 'runs' && active > 0 && <span className="ivo-badge">{active}</span>}
              {one === 'runs' && needs > 0 && <span className="ivo-badge ivo-badge-needs">{needs === 1 ? 'needs you' : `${needs} need you`}</span>}
            </button>
          ))}
          <span className="ivo-hint ivo-place" title={place}>
            {recordsPlace(place)}
          </span>
        </div>
        <div role="tabpanel" aria-label={tab}>
          {tab === 'devices' && <DeckView focus="" />}
          {tab === 'builder' && <BuilderTab />}
          {tab === 'runs' && <RunsTab runs={runs} cases={cases} />}
          {tab === 'history' && <HistoryTab />}
        </div>
      </div>
    </StoreContext.Provider>
  );
}

export default mount(Dashboard);
