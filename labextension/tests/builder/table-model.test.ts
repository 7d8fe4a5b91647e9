import { adopted, filledDown, fromCsv, movedRow, parsed, pasted, pastedBlock, repeated, withCell, withColumn, withColumns, withCopy, withoutRow, withRows } from '../../src/builder/table-model';

const table = { columns: ['volume', 'temp'], rows: [['1', '20'], ['2', '30'], ['3', '40']] };

test('a spreadsheet pastes over cells and makes the rows it needs', () => {
  const next = pasted(table, 2, 1, parsed('50\n60\n70\n'));
  expect(next.rows).toEqual([['1', '20'], ['2', '30'], ['3', '50'], ['', '60'], ['', '70']]);
});

test('what is pasted beyond the last column is left away', () => {
  expect(pasted(table, 0, 1, [['a', 'b']]).rows[0]).toEqual(['1', 'a']);
});

test('quoted cells may hold delimiters, quotes and new lines', () => {
  expect(parsed('a\t"b\tc"\n"say ""hi"""\t"two\nlines"')).toEqual([['a', 'b\tc'], ['say "hi"', 'two\nlines']]);
});

test('the delimiter is taken from the first line', () => {
  expect(parsed('a;b\n1;2')).toEqual([['a', 'b'], ['1', '2']]);
  expect(parsed('a,b\r\n1,2\r\n')).toEqual([['a', 'b'], ['1', '2']]);
});

test("a CSV file's row of types is left out, with and without it no row of values is lost", () => {
  const plain = fromCsv('volume,mode\n1.5,HEAT\n2.5,OFF\n');
  const typed = fromCsv("volume,mode\nfloat,Enum:flowlab.Mode\n1.5,HEAT\n2.5,OFF\n");
  expect(plain.types).toBe(false);
  expect(typed.types).toBe(true);
  expect(typed.table).toEqual(plain.table);
});

test("IvoryOS's other spellings of types are known", () => {
  expect(fromCsv('p,q\n"Literal:gentle,vigorous","[\'float\', \'NoneType\']"\ngentle,1\n').table.rows).toEqual([['gentle', '1']]);
});

test('an excel mark at the beginning belongs to no column', () => {
  expect(fromCsv('\uFEFFvolume\n1').table.columns).toEqual(['volume']);
});

test('columns of a file that nobody asked for and those it lacks are named', () => {
  const { table: kept, missing, unknown } = adopted(['temp', 'rate'], table);
  expect(kept).toEqual({ columns: ['temp', 'rate'], rows: [['20', ''], ['30', ''], ['40', '']] });
  expect(missing).toEqual(['rate']);
  expect(unknown).toEqual(['volume']);
});

test('filling down copies one cell into all below it', () => {
  expect(filledDown(table, 0, 1).rows).toEqual([['1', '20'], ['2', '20'], ['3', '20']]);
});

test('rows are added, copied, moved and removed', () => {
  expect(withRows(table, 1).rows).toHaveLength(4);
  expect(withCopy(table, 0).rows[1]).toEqual(['1', '20']);
  expect(movedRow(table, 2, -1).rows.map(row => row[0])).toEqual(['1', '3', '2']);
  expect(movedRow(table, 0, -1)).toBe(table);
  expect(withoutRow(table, 1).rows.map(row => row[0])).toEqual(['1', '3']);
  expect(repeated(table, 2).rows.map(row => row[0])).toEqual(['1', '1', '2', '2', '3', '3']);
});

test('a cell is changed without touching the table before', () => {
  expect(withCell(table, 1, 0, '9').rows[1]).toEqual(['9', '30']);
  expect(table.rows[1]).toEqual(['2', '30']);
});

test('cells of columns that stay are kept when the columns change', () => {
  expect(withColumns(table, ['sample', 'volume']).rows[2]).toEqual(['', '3']);
});

test('a column is filled from the table it was left out of, where it is empty and the rows match', () => {
  const from = { columns: ['vial', 'volume'], rows: [['A', '1'], ['B', '2'], ['C', '3']] };
  const wider = { columns: ['vial', 'volume'], rows: [['', '1'], ['mine', '2'], ['', '3']] };
  expect(withColumn(wider, 'vial', from).rows.map(row => row[0])).toEqual(['A', 'mine', 'C']);
  expect(withColumn(wider, 'vial', { ...from, rows: [['A', '1']] })).toBe(wider);
  expect(withColumn(wider, 'vial', null)).toBe(wider);
  expect(withColumn(table, 'vial', from)).toBe(table);
});

test('a pasted block whose first line names columns goes under these names, in whatever order they are', () => {
  const two = { columns: ['volume', 'sample'], rows: [['', '']] };
  const { table: next, named } = pastedBlock(two, 0, 1, parsed('sample\t volume\nA\t1\nB\t2\n'));
  expect(named).toEqual(['sample', 'volume']);
  expect(next.rows).toEqual([['1', 'A'], ['2', 'B']]);
});

test('a column that the pasted names leave out keeps its cells', () => {
  const two = { columns: ['volume', 'sample'], rows: [['1', 'A'], ['2', 'B']] };
  expect(pastedBlock(two, 0, 0, parsed('volume\n7\n8\n')).table.rows).toEqual([['7', 'A'], ['8', 'B']]);
});

test('a pasted line of values is no line of names', () => {
  const two = { columns: ['volume', 'sample'], rows: [['', '']] };
  expect(pastedBlock(two, 0, 0, [['1', 'sample'], ['2', 'B']])).toEqual({ table: { ...two, rows: [['1', 'sample'], ['2', 'B']] }, named: [] });
  expect(pastedBlock(two, 0, 1, [['sample']]).table.rows).toEqual([['', 'sample']]);
});
