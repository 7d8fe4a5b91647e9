/** One thing that can be chosen: a button, and beside it what it will do. */

interface Props {
  word: string;
  does: string;
  /** Set where the choice can be changed: whether it is the present one. */
  chosen?: boolean;
  primary?: boolean;
  disabled?: boolean;
  onChoose: () => void;
}

export function Choice({ word, does, chosen, primary = false, disabled = false, onChoose }: Props): JSX.Element {
  return (
    <li>
      <button
        type="button"
        className={`ivo-button ${primary ? 'ivo-primary' : ''} ${chosen ? 'ivo-decided' : ''}`}
        aria-pressed={chosen}
        disabled={disabled}
        onClick={onChoose}
      >
        {word}
      </button>
      <span className="ivo-hint">{does}</span>
    </li>
  );
}
