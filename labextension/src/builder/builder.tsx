/** The builder as a widget of a notebook. */
import { mount } from '../protocol';
import '../panels/style/panels.css';
import './builder.css';
import { Workbench } from './Workbench';

export default mount(Workbench);
