/** What does every part of the step form get? */
import type { IForm } from './form-model';
import type { IRefusal } from './findings';
import type { Params } from './store';
import type { IFinding, IStep } from './wire';

/** What was typed into a field and not taken, and how to take it back. */
export interface IMark extends IRefusal {
  takeBack: () => void;
}

export interface IPartProps {
  form: IForm;
  step: IStep;
  findings: readonly IFinding[];
  /** What the kernel refused, by field. */
  refused: Record<string, IMark>;
  /** Ask for an edit; a refusal is shown beside `field`. */
  edit: (field: string, intent: string, params: Params) => Promise<void>;
}
