/** What does every part of the step form get? */
import type { Json } from '../protocol';
import type { IForm } from './form-model';
import type { IFinding, IStep } from './wire';

export interface IPartProps {
  form: IForm;
  step: IStep;
  findings: readonly IFinding[];
  /** What the kernel refused, by field. */
  refused: Record<string, string>;
  /** Ask for an edit; a refusal is shown beside `field`. */
  edit: (field: string, intent: string, params: { [key: string]: Json }) => void;
}
