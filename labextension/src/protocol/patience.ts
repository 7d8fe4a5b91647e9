/** Which requests wait for a kernel that is late?  Those that only read, and edits of a workflow; of a command a person hears within a second. */

const PATIENT: ReadonlySet<string> = new Set([
  'builder.check',
  'builder.columns',
  'builder.diff',
  'builder.edit',
  'builder.export',
  'builder.form',
  'builder.frame',
  'builder.library',
  'builder.open',
  'builder.palette',
  'builder.python',
  'builder.rehearse',
  'builder.rows',
  'builder.run',
  'builder.versions',
  'control.check',
  'control.check_device',
  'control.class_form',
  'control.classes',
  'control.entry',
  'control.form',
  'control.list',
  'control.log',
  'history.latest',
  'limits.of',
  'recovery.list',
  'run.list',
  'run.table',
  'safety.state'
]);

/** Whether nobody needs to know at once that the kernel has not heard of it yet. */
export function isPatient(method: string): boolean {
  return PATIENT.has(method);
}
