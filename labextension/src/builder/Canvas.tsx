/** The canvas: three phases on one page, as a tree that is drawn only where it is seen. */
import { useDroppable } from '@dnd-kit/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useContext, useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useNow } from '../panels/model/hooks';
import { useClipboard } from './clipboard';
import { dropPoint, INDENT } from './drop';
import { OutlineContext, useBuilder, useView } from './hooks';
import { canvasKey } from './keys';
import type { Finder } from './Mover';
import { carriedIds } from './Mover';
import { useMover } from './moving';
import type { IDropPoint, Row } from './rows';
import { BranchRow, EmptyRow, PhaseRow, StepRow } from './RowViews';
import { choose } from './selection';
import { spoken } from './sentence';
import { findingsByStep, withTyped } from './findings';
import type { IViewState } from './store';

const ROW_HEIGHT = 31;

export function Canvas({ finder, onEdit }: { finder: { current: Finder | null }; onEdit: () => void }): JSX.Element {
  const store = useBuilder();
  const outline = useContext(OutlineContext);
  const state = useView(whole => whole);
  const mover = useMover();
  const scroller = useRef<HTMLDivElement>(null);
  const rowsBox = useRef<HTMLDivElement>(null);
  const { setNodeRef } = useDroppable({ id: 'canvas' });
  const list = useVirtualizer({
    count: outline.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: index => outline.rows[index]?.key ?? index,
    overscan: 8
  });
  const items = list.getVirtualItems();
  finder.current = (clientX, clientY, moving): IDropPoint | null => {
    const box = scroller.current?.getBoundingClientRect();
    if (!box || clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom) {
      return null;
    }
    const inner = rowsBox.current?.getBoundingClientRect() ?? box;
    const pointer = { x: clientX - inner.left - INDENT / 2, y: clientY - inner.top };
    return dropPoint(outline, items, pointer, moving);
  };
  useFollow(list, outline.rows, state.cursor, mover.moving?.byKeyboard === true ? mover.moving.point : null);
  const clipboard = useClipboard();
  const findings = useMemo(() => findingsByStep(withTyped(state.check?.findings ?? [], state.refusals)), [state.check, state.refusals]);
  const now = useNow(state.run !== null && !state.run.ended);
  const carried = mover.moving === null ? NOTHING : carriedIds(store, mover.moving.cargo);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.target === event.currentTarget && canvasKey(event, { store, rows: outline.rows, mover, onEdit })) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div
      ref={node => {
        (scroller as { current: HTMLDivElement | null }).current = node;
        setNodeRef(node);
      }}
      className="ivb-canvas"
      role="tree"
      aria-label="Workflow"
      aria-multiselectable
      aria-activedescendant={domId(state.cursor)}
      tabIndex={0}
      onKeyDown={keyDown}
      {...clipboard}
    >
      <div ref={rowsBox} className="ivb-rows" role="none" style={{ height: list.getTotalSize() }}>
        {items.map(item => {
          const row = outline.rows[item.index];
          return row === undefined ? null : (
            <div
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              id={domId(row.key)}
              className={rowClass(row, state, carried)}
              style={{ top: item.start, paddingLeft: row.depth * INDENT }}
              {...aria(row, state)}
              onClick={(event: MouseEvent) => choose(store, outline.rows, row, event)}
              onDoubleClick={onEdit}
            >
              {view(row, state, findings, now)}
            </div>
          );
        })}
        <DropLine point={mover.moving?.point ?? null} items={items} total={list.getTotalSize()} />
      </div>
    </div>
  );
}

const NOTHING: ReadonlySet<string> = new Set();

/** Ids in the page are made of row keys; two builders on one page differ by the prefix of their documents. */
function domId(key: string): string {
  return `ivb-${key.replace(/[^\w-]/g, '_')}`;
}

function useFollow(
  list: { scrollToIndex: (index: number, options?: { align?: 'auto' }) => void },
  rows: readonly Row[],
  cursor: string,
  point: IDropPoint | null
): void {
  const at = point === null ? rows.findIndex(row => row.key === cursor) : Math.min(point.gap, rows.length - 1);
  const started = useRef(false);
  useEffect(() => {
    if (started.current && at >= 0) {
      list.scrollToIndex(at, { align: 'auto' });
    }
    started.current = true;
    // The list is made anew with each scroll; only another row moves it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at]);
}

function rowClass(row: Row, state: IViewState, carried: ReadonlySet<string>): string {
  const id = row.kind === 'step' ? row.id : '';
  return [
    'ivb-row',
    `ivb-row-${row.kind}`,
    row.key === state.cursor ? 'ivb-cursor' : '',
    state.selected.includes(id) ? 'ivb-selected' : '',
    carried.has(id) ? 'ivb-carrying' : ''
  ].join(' ');
}

function aria(row: Row, state: IViewState): Record<string, string | number | boolean | undefined> {
  const step = row.kind === 'step' ? state.document?.steps[row.id] : undefined;
  return {
    role: 'treeitem',
    'aria-level': row.kind === 'phase' ? 1 : row.depth + 2,
    'aria-selected': row.kind === 'step' && state.selected.includes(row.id),
    'aria-label': step === undefined ? undefined : spoken(step, state.palette),
    'aria-expanded': row.kind === 'phase' ? true : step?.slots !== undefined ? !state.folded.has(step.id) : undefined
  };
}

function view(
  row: Row,
  { document, palette, run }: IViewState,
  findings: ReturnType<typeof findingsByStep>,
  now: number
): JSX.Element | null {
  if (row.kind === 'phase') {
    return <PhaseRow row={row} run={run} />;
  }
  if (row.kind === 'empty') {
    return <EmptyRow row={row} />;
  }
  const step = document?.steps[row.id];
  if (step === undefined) {
    return null;
  }
  if (row.kind === 'branch') {
    return <BranchRow row={row} step={step} />;
  }
  const ran = run?.steps[row.id];
  const found = findings.get(row.id) ?? NONE;
  return <StepRow row={row} step={step} palette={palette} findings={found} ran={ran} now={ran?.status === 'open' ? now : 0} />;
}

const NONE: readonly never[] = [];

function DropLine({
  point,
  items,
  total
}: {
  point: IDropPoint | null;
  items: readonly { index: number; start: number }[];
  total: number;
}): JSX.Element | null {
  if (point === null) {
    return null;
  }
  const top = items.find(item => item.index === point.gap)?.start ?? total;
  return <div className="ivb-drop-line" role="none" style={{ top: top - 1, left: point.depth * INDENT }} />;
}
