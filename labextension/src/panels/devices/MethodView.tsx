/** A method: its signature and first line of help; its form and log when opened. */

import { memo } from 'react';
import { useDevices } from '../model/hooks';
import type { MethodRow } from '../model/shapes';
import { CallLog } from './CallLog';
import { MemberMenu } from './MemberMenu';
import { MethodForm } from './MethodForm';

interface Props {
  path: string;
  row: MethodRow;
  open: boolean;
  onToggle: (key: string) => void;
}

export const MethodView = memo(function MethodView({ path, row, open, onToggle }: Props): JSX.Element {
  const key = `${path}.${row.name}`;
  const running = useDevices(state =>
    state.entries.some(one => one.target === path && one.member === row.name && (one.state === 'running' || one.state === 'waiting'))
  );
  return (
    <div className={`ivo-member ${open ? 'ivo-open' : ''}`} data-member={key}>
      <div className="ivo-method">
        <button type="button" className="ivo-row-button" aria-expanded={open} onClick={() => onToggle(key)}>
          <span className="ivo-arrow" aria-hidden="true">
            {open ? '▾' : '▸'}
          </span>
          <span className="ivo-name">{row.name}</span> <code className="ivo-signature">{row.signature}</code>
          {running && <span className="ivo-accent"> ◌</span>}
          {row.summary && <span className={open ? 'ivo-summary' : 'ivo-aside'}>{row.summary}</span>}
        </button>
        <MemberMenu path={path} member={row.name} />
      </div>
      {open && <MethodForm target={path} member={row.name} operation="call" />}
      {open && <CallLog target={path} member={row.name} />}
    </div>
  );
});
