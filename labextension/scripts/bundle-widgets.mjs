/**
 * Which files does Python send to the browser for its widgets?
 *
 * Every view is a file in one of the folders below that says `export default mount(...)`; it becomes one self-contained
 * module (and a style sheet, when it imports one) in the Python package. Nothing is fetched from elsewhere at run time.
 */
import { build, context } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, '..', 'ivoryos_jupyter', 'widgets', 'static');
const folders = ['panels', 'builder', 'dashboard'];

function views(folder) {
  const path = join(root, 'src', folder);
  let names;
  try {
    names = readdirSync(path);
  } catch {
    return [];
  }
  return names
    .filter(name => name.endsWith('.tsx'))
    .map(name => join(path, name))
    .filter(file => readFileSync(file, 'utf8').includes('export default mount('));
}

const entries = folders.flatMap(views);
const twice = entries.map(file => basename(file)).filter((name, at, all) => all.indexOf(name) !== at);
if (twice.length > 0) {
  throw new Error(`Two views would share one file name: ${twice.join(', ')}`);
}

const options = {
  entryPoints: entries.map(file => ({ in: file, out: basename(file, '.tsx') })),
  outdir: target,
  bundle: true,
  format: 'esm',
  target: 'es2020',
  jsx: 'automatic',
  minify: !process.argv.includes('--development'),
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
if (process.argv.includes('--watch')) {
  const watching = await context(options);
  await watching.watch();
} else {
  const result = await build(options);
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
    process.stdout.write(`${basename(file)} ${(bytes / 1024).toFixed(1)} kB\n`);
  }
}
