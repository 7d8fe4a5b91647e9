/** How is the parameter table edited?  Pure functions over cells of text; the kernel converts and checks them. */

export interface ITable {
  columns: string[];
  rows: string[][];
}

/** A table with these columns; cells of columns that stay are kept. */
export function withColumns(table: ITable, columns: readonly string[]): ITable {
  const from = columns.map(name => table.columns.indexOf(name));
  return { columns: [...columns], rows: table.rows.map(row => from.map(at => row[at] ?? '')) };
}

/** Fill one column from another table that has it, when the rows match. */
export function withColumn(table: ITable, name: string, from: ITable | null): ITable {
  const [at, source] = [table.columns.indexOf(name), from?.columns.indexOf(name) ?? -1];
  if (from === null || at < 0 || source < 0 || from.rows.length !== table.rows.length) {
    return table;
  }
  return { ...table, rows: table.rows.map((cells, row) => (cells[at] === '' ? replaced(cells, at, from.rows[row]?.[source] ?? '') : cells)) };
}

/** Put `text` into one cell. */
export function withCell(table: ITable, row: number, column: number, text: string): ITable {
  return { ...table, rows: table.rows.map((cells, at) => (at === row ? replaced(cells, column, text) : cells)) };
}

function replaced(cells: readonly string[], at: number, text: string): string[] {
  return cells.map((cell, index) => (index === at ? text : cell));
}

/** Add empty rows at the end. */
export function withRows(table: ITable, count: number): ITable {
  const empty = Array.from({ length: count }, () => table.columns.map(() => ''));
  return { ...table, rows: [...table.rows, ...empty] };
}

export function withoutRow(table: ITable, row: number): ITable {
  return { ...table, rows: table.rows.filter((_, at) => at !== row) };
}

/** Put a copy of a row below it. */
export function withCopy(table: ITable, row: number): ITable {
  const cells = table.rows[row];
  return cells === undefined ? table : { ...table, rows: [...table.rows.slice(0, row + 1), [...cells], ...table.rows.slice(row + 1)] };
}

/** Move a row up (-1) or down (1). */
export function movedRow(table: ITable, row: number, by: number): ITable {
  const [cells, target] = [table.rows[row], row + by];
  if (cells === undefined || target < 0 || target >= table.rows.length) {
    return table;
  }
  const rest = table.rows.filter((_, at) => at !== row);
  return { ...table, rows: [...rest.slice(0, target), cells, ...rest.slice(target)] };
}

/** Put the text of one cell into all cells below it. */
export function filledDown(table: ITable, row: number, column: number): ITable {
  const text = table.rows[row]?.[column] ?? '';
  return { ...table, rows: table.rows.map((cells, at) => (at > row ? replaced(cells, column, text) : cells)) };
}

/** Put a block of cells at a place; a block whose first line is names of columns goes under these names, in whatever order they are. */
export function pastedBlock(table: ITable, row: number, column: number, cells: readonly (readonly string[])[]): { table: ITable; named: string[] } {
  const named = columnNames(table, cells);
  if (named.length === 0) {
    return { table: pasted(table, row, column, cells), named };
  }
  const lines = cells.slice(1);
  const at = table.columns.map(name => named.indexOf(name));
  const grown = withRows(table, Math.max(0, row + lines.length - table.rows.length));
  const rows = grown.rows.map((old, index) => {
    const line = lines[index - row];
    return line === undefined ? old : old.map((cell, place) => line[at[place] ?? -1]?.trim() ?? cell);
  });
  return { table: { ...grown, rows }, named };
}

/** The names in the first line of several, where it is nothing but names of columns, each once; else none. */
function columnNames(table: ITable, [head = [], ...lines]: readonly (readonly string[])[]): string[] {
  const names = head.map(name => name.trim());
  const known = names.every(name => table.columns.includes(name)) && new Set(names).size === names.length;
  return lines.length > 0 && known ? names : [];
}

/** Put a block of cells at a place, as a spreadsheet does; rows are added where they are missing. */
export function pasted(table: ITable, row: number, column: number, cells: readonly (readonly string[])[]): ITable {
  const grown = withRows(table, Math.max(0, row + cells.length - table.rows.length));
  const rows = grown.rows.map((old, at) => {
    const line = cells[at - row];
    return line === undefined ? old : old.map((cell, index) => line[index - column] ?? cell);
  });
  return { ...grown, rows };
}

/** The rows (from 0) in which no cell is filled in. */
export function blankRows(table: ITable): ReadonlySet<number> {
  return new Set(table.rows.flatMap((row, at) => (row.every(cell => cell.trim() === '') ? [at] : [])));
}

/** Each row `times` times, one after another. */
export function repeated(table: ITable, times: number): ITable {
  return { ...table, rows: table.rows.flatMap(row => Array.from({ length: Math.max(1, times) }, () => row)) };
}

/** Read delimited text: what a spreadsheet puts into the clipboard, or a CSV file; quotes may hold anything. */
export function parsed(text: string, delimiter: string = guessed(text)): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (quoted) {
      if (char === '"' && source[at + 1] === '"') {
        cell += '"';
        at++;
      } else if (char === '"') {
        quoted = false;
      } else {
        cell += char;
      }
    } else if (char === '"' && cell === '') {
      quoted = true;
    } else if (char === delimiter || char === '\n') {
      row.push(cell);
      cell = '';
      if (char === '\n') {
        rows.push(row);
        row = [];
      }
    } else {
      cell += char;
    }
  }
  if (cell !== '' || row.length > 0) {
    rows.push([...row, cell]);
  }
  return rows;
}

function guessed(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  const counts = ['\t', ';', ','].map(one => [line.split(one).length, one] as const);
  return counts.reduce((best, one) => (one[0] > best[0] ? one : best))[1];
}

const TYPE = /^(int|float|str|bool|list|tuple|dict|set|any|none|nonetype|Enum:.+|Literal:.+|\[.*\])$/i;

/** A CSV file as a table; IvoryOS's row of types is recognised and left out, never a row of values. */
export function fromCsv(text: string): { table: ITable; types: boolean } {
  const [header = [], ...rest] = parsed(text).filter(row => row.some(cell => cell.trim() !== ''));
  const columns = header.map(name => name.trim());
  const first = rest[0];
  const types = first !== undefined && first.some(cell => cell !== '') && first.every(cell => cell === '' || TYPE.test(cell.trim()));
  const rows = (types ? rest.slice(1) : rest).map(row => columns.map((_, at) => (row[at] ?? '').trim()));
  return { table: { columns, rows }, types };
}

/** Take the columns of `found` that are wanted; what is left over and what is missing is said. */
export function adopted(wanted: readonly string[], found: ITable): { table: ITable; missing: string[]; unknown: string[] } {
  return {
    table: withColumns(found, wanted),
    missing: wanted.filter(name => !found.columns.includes(name)),
    unknown: found.columns.filter(name => !wanted.includes(name))
  };
}
