/** What is wrong with one field, beside it, or with the step, and the repair where there is one. */
import { useBuilder } from './hooks';
import type { IMark } from './parts';
import type { IFinding } from './wire';

export function Problems({ refused, findings }: { refused?: IMark; findings: readonly IFinding[] }): JSX.Element {
  const store = useBuilder();
  if (refused !== undefined) {
    return (
      <p className="ivo-problem" role="alert">
        {refused.message}{' '}
        <button type="button" className="ivb-repair" title="The field gets the value back that it had before" onClick={refused.takeBack}>
          take back
        </button>
      </p>
    );
  }
  return (
    <>
      {findings.map(one => (
        <p key={one.code + one.message} className={one.severity === 'error' ? 'ivo-problem' : 'ivb-warn'} role="alert">
          {one.message}{' '}
          {one.repair !== null && (
            <button type="button" className="ivb-repair" onClick={() => void store.tryEdit('repair', { repair: one.repair?.params ?? null })}>
              {one.repair.label}
            </button>
          )}
        </p>
      ))}
    </>
  );
}
