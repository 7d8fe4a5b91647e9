/** What does IvoryOS look like among JupyterLab's icons? */

import { LabIcon } from '@jupyterlab/ui-components';

const FLASK =
  '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">' +
  '<path d="M9 2h6v2h-1v5.3l5.6 9.5A2.2 2.2 0 0 1 17.7 22H6.3a2.2 2.2 0 0 1-1.9-3.2L10 9.300V4H9V2zm3 8.100L8.600 16h6.800L12 10.100z"/></g></svg>';

/** The same for where an address is wanted; in a colour that shows on light and dark. */
export const iconUrl = `data:image/svg+xml,${encodeURIComponent(FLASK.replace('#616161', '#1976d2'))}`;

/** A flask, in the colours of the theme. */
export const icon = new LabIcon({ name: 'ivoryos-jupyter:flask', svgstr: FLASK });
