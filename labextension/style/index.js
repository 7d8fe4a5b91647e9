import './base.css';
import '../src/panels/style/panels.css';
import '../src/panels/style/needs.css';
import '../src/builder/builder.css';
import './files.css';
import './sidebar.css';
