import { sorted } from '../../src/builder/RunProblems';
import { blankRows } from '../../src/builder/table-model';

const table = { columns: ['volume', 'temp'], rows: [['1', ''], ['', ' '], ['9', '4']] };
const cell = (row: number, column: string, message = 'bad'): { row: number; column: string; message: string } => ({ row, column, message });

test('a row that nobody has filled in yet is no mistake', () => {
  expect([...blankRows(table)]).toEqual([1]);
  expect(sorted([cell(2, 'volume'), cell(2, 'temp'), cell(3, 'volume')], table, 1)).toEqual({ wrong: [cell(3, 'volume')], blank: [2] });
});

test('a row that is repeated says what is wrong with it once', () => {
  const found = sorted([cell(7, 'volume'), cell(8, 'volume'), cell(9, 'volume'), cell(9, 'temp')], table, 3);
  expect(found.wrong).toEqual([cell(3, 'volume'), cell(3, 'temp')]);
});
