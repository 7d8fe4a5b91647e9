/** What does every part of the step form get? */
import type { IForm } from './form-model';
import type { Params } from './store';
import type { IFinding, IStep } from './wire';

export interface IPartProps {
  form: IForm;
  step: IStep;
  findings: readonly IFinding[];
  /** What the kernel refused, by field. */
  refused: Record<string, string>;
  /** Ask for an edit; a refusal is shown beside `field`. */
  edit: (field: string, intent: string, params: Params) => void;
}
