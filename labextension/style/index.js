import './base.css';
import '../src/panels/style/panels.css';
import './sidebar.css';
