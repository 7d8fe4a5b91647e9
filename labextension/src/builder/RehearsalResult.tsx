/** What a rehearsal found: how long it takes, what each instrument does in all, what would go wrong, and what was assumed for it. */
import { useBuilder } from './hooks';
import type { IAboutStep, IFault, IRehearsal, IRehearsing, ISaid, ITotal } from './rehearsal';

interface IResult {
  rehearsing: IRehearsing;
  close: () => void;
}

interface IRehearseButton {
  rehearsing: IRehearsing;
  disabled: boolean;
  rehearse: () => void;
}

const MARKS = { good: ['✓', 'ivo-good'], assumed: ['≈', 'ivb-warn'], bad: ['!', 'ivo-problem'] } as const;

/** Whether anything was found, at a glance; it stands beside words. */
export function RehearsalMark({ found }: { found: IRehearsal }): JSX.Element {
  const [sign, look] = MARKS[found.standing];
  return (
    <span className={`ivb-mark ${look}`} aria-hidden>
      {sign}
    </span>
  );
}

export function RehearseButton({ rehearsing, disabled, rehearse }: IRehearseButton): JSX.Element {
  return (
    <button
      type="button"
      className="ivo-button"
      disabled={disabled || rehearsing.busy}
      title="Run it on a mock deck in virtual time: nothing is called, nothing is recorded"
      onClick={rehearse}
    >
      {rehearsing.busy ? 'Rehearsing…' : 'Rehearse'}
    </button>
  );
}

export function RehearsalResult({ rehearsing, close }: IResult): JSX.Element {
  const { found, note, busy } = rehearsing;
  if (found === null) {
    return <Unrehearsed note={note} busy={busy} />;
  }
  return (
    <section className="ivb-rehearsal" aria-label="Rehearsal" role="status">
      {note !== '' && <p className="ivo-problem">{note}</p>}
      <p className="ivb-rehearsal-head">
        <RehearsalMark found={found} /> <b>{found.verdict}</b>
      </p>
      <p>Rehearsed: {found.headline}</p>
      <Problems found={found} close={close} />
      <Totals totals={found.totals} />
      <Steps title="Never come to" steps={found.never} close={close} />
      <Texts title="A person is asked" texts={found.questions} />
      <Texts title="Assumed, for nothing is known" texts={found.assumed} />
      <Faults rehearsing={rehearsing} faults={found.faults} close={close} />
      <p className="ivo-hint">Nothing was called and nothing was recorded.</p>
    </section>
  );
}

function Unrehearsed({ note, busy }: { note: string; busy: boolean }): JSX.Element {
  if (note !== '') {
    return <p className="ivo-problem">{note}</p>;
  }
  return (
    <p className="ivo-hint ivb-teach" role="status">
      {busy ? 'Rehearsing…' : 'Rehearse runs it on a mock deck in virtual time and says what it would do, how long it takes and what may go wrong. Nothing is called.'}
    </p>
  );
}

function Problems({ found, close }: { found: IRehearsal; close: () => void }): JSX.Element {
  return (
    <ul className="ivb-run-problems" aria-label="What would go wrong">
      {found.problems.map((one, at) => (
        <li key={at} className={one.sure ? 'ivo-problem' : 'ivb-warn'}>
          <StepLink about={one} close={close} />: {one.text}
          {!one.sure && ', if what was assumed holds'}
        </li>
      ))}
      {found.more_problems > 0 && <li className="ivo-problem">and {found.more_problems} more</li>}
    </ul>
  );
}

function StepLink({ about, close }: { about: { step: string; said: string }; close: () => void }): JSX.Element {
  const store = useBuilder();
  if (store.snapshot().document?.steps[about.step] === undefined) {
    return <span>{about.said}</span>;
  }
  const go = (): void => {
    store.set({ selected: [about.step], cursor: about.step });
    close();
  };
  return (
    <button type="button" className="ivb-repair" onClick={go}>
      {about.said}
    </button>
  );
}

function Totals({ totals }: { totals: readonly ITotal[] }): JSX.Element {
  if (totals.length === 0) {
    return <p className="ivo-hint">No call would be made.</p>;
  }
  return (
    <table className="ivb-rehearsal-table">
      <thead>
        <tr>
          <th scope="col">In all</th>
          <th scope="col" className="ivb-number">
            calls
          </th>
          <th scope="col" className="ivb-number">
            time
          </th>
          <th scope="col">amounts</th>
        </tr>
      </thead>
      <tbody>
        {totals.map(one => (
          <tr key={`${one.instrument} ${one.method}`}>
            <th scope="row">
              {one.instrument === 'blocks' ? '' : `${one.instrument} · `}
              {one.method}
            </th>
            <td className="ivb-number">{one.calls.toLocaleString()}</td>
            <td className="ivb-number">{one.time}</td>
            <td>{one.amounts}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Steps({ title, steps, close }: { title: string; steps: readonly IAboutStep[]; close: () => void }): JSX.Element | null {
  if (steps.length === 0) {
    return null;
  }
  return (
    <details>
      <summary>
        {title} ({steps.length})
      </summary>
      <ul>
        {steps.map((one, at) => (
          <li key={at}>
            <StepLink about={one} close={close} />: {one.text}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Texts({ title, texts }: { title: string; texts: readonly ISaid[] }): JSX.Element | null {
  if (texts.length === 0) {
    return null;
  }
  return (
    <details>
      <summary>
        {title} ({texts.length})
      </summary>
      <ul>
        {texts.map((one, at) => (
          <li key={at}>
            {one.about}: {one.text}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface IFaults {
  rehearsing: IRehearsing;
  faults: readonly IFault[];
  close: () => void;
}

function Faults({ rehearsing, faults, close }: IFaults): JSX.Element {
  if (faults.length === 0) {
    return (
      <button type="button" className="ivb-repair" disabled={rehearsing.busy} onClick={() => rehearsing.rehearse(true)}>
        Let each call go wrong once, and see whether cleanup reaches everything
      </button>
    );
  }
  const unsafe = faults.filter(one => !one.safe);
  return (
    <details open>
      <summary>{unsafe.length === 0 ? `After each of ${faults.length} faults cleanup reaches everything` : `${unsafe.length} of ${faults.length} faults leave something without cleanup`}</summary>
      <ul>
        {unsafe.map((one, at) => (
          <li key={at}>
            <StepLink about={one} close={close} /> · {one.fault}: the run {one.did}; cleanup {one.cleanup}
            {one.left !== '' && `, not reached: ${one.left}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
