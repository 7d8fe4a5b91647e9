/** How is something lifted, carried and put down?  By mouse or touch through dnd-kit, by keyboard through arrow keys. */
import { DndContext, DragOverlay, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { DragStartEvent } from '@dnd-kit/core';
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { dropped, lifted, over } from './announce';
import { placeOf, subtree } from './document';
import { legalPoints, nudged } from './drop';
import type { Nudge } from './drop';
import { OutlineContext, useBuilder } from './hooks';
import { MoverContext } from './moving';
import type { Cargo, IMover, IMoving } from './moving';
import type { IDropPoint, IOutline } from './rows';
import { addPlace } from './places';
import type { BuilderStore } from './store';

/** Finds the drop point under the pointer; set by the canvas. */
export type Finder = (clientX: number, clientY: number, moving: ReadonlySet<string>) => IDropPoint | null;

const NUDGES: Record<string, Nudge> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'out', ArrowRight: 'in' };

/** What is carried close to an edge scrolls what lies below: dnd-kit's own fifth of the height, at 2000 px a second, takes the target away. */
const SCROLLING = { threshold: { x: 0, y: 0.06 }, acceleration: 4, interval: 10 };

/** dnd-kit's own announcements speak of ids; ours say it in words. */
const SILENT = { onDragStart: () => '', onDragOver: () => '', onDragEnd: () => '', onDragCancel: () => '' };

export function Mover({ finder, children }: { finder: { current: Finder | null }; children: ReactNode }): JSX.Element {
  const store = useBuilder();
  const [moving, setMoving] = useState<IMoving | null>(null);
  const under = useRef<() => IDropPoint | null>(() => null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  usePointer(moving, setMoving, finder, store, under);
  const keyboard = useKeyboard(moving, setMoving, store);
  const start = (event: DragStartEvent): void => {
    const cargo = event.active.data.current as Cargo | undefined;
    if (cargo !== undefined) {
      setMoving({ cargo: wholeSelection(cargo, store), byKeyboard: false, point: null });
    }
  };
  const end = (): void => {
    // A page that is late may not have drawn the last movement yet: it counts where the mouse is let go.
    const point = under.current();
    setMoving(null);
    if (moving !== null && point !== null) {
      put(store, moving.cargo, point);
    }
  };
  return (
    <DndContext
      sensors={sensors}
      autoScroll={SCROLLING}
      onDragStart={start}
      onDragEnd={end}
      onDragCancel={() => setMoving(null)}
      accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: '' } }}
    >
      <MoverContext.Provider value={keyboard}>{children}</MoverContext.Provider>
      {createPortal(
        <DragOverlay dropAnimation={null} className="ivb-overlay">
          {moving !== null && !moving.byKeyboard && (
            <div className="ivo ivb-carried">
              {moving.cargo.label}
              {moving.point === null && <span className="ivo-hint"> drop it in a phase</span>}
            </div>
          )}
        </DragOverlay>,
        document.body
      )}
    </DndContext>
  );
}

/** A step that belongs to the selection carries the selection. */
function wholeSelection(cargo: Cargo, store: BuilderStore): Cargo {
  const { selected } = store.snapshot();
  const first = cargo.kind === 'move' ? cargo.ids[0] : undefined;
  if (cargo.kind === 'move' && first !== undefined && selected.length > 1 && selected.includes(first)) {
    return { kind: 'move', ids: selected, label: `${selected.length} steps` };
  }
  return cargo;
}

/** The ids that cannot be dropped upon: what is moved, and all that lies in it. */
export function carriedIds(store: BuilderStore, cargo: Cargo): Set<string> {
  const { document } = store.snapshot();
  return new Set(cargo.kind === 'move' && document !== null ? cargo.ids.flatMap(id => subtree(document, id)) : []);
}

/** Ask the kernel to put `cargo` at `point`. */
function put(store: BuilderStore, cargo: Cargo, point: IDropPoint): void {
  const { document, palette } = store.snapshot();
  const place = { ...point.place };
  const asked =
    cargo.kind === 'new'
      ? store.tryEdit('insert', { step: cargo.template, place })
      : store.tryEdit('move', { ids: [...cargo.ids], place });
  void asked.then(done => {
    if (done && document !== null) {
      store.set({ announcement: dropped(cargo, document, point, palette) });
    }
  });
}

function usePointer(
  moving: IMoving | null,
  setMoving: (next: IMoving | null) => void,
  finder: { current: Finder | null },
  store: BuilderStore,
  under: { current: () => IDropPoint | null }
): void {
  const cargo = moving !== null && !moving.byKeyboard ? moving.cargo : null;
  useEffect(() => {
    if (cargo === null) {
      return undefined;
    }
    const carried = carriedIds(store, cargo);
    const last = { x: 0, y: 0 };
    under.current = () => finder.current?.(last.x, last.y, carried) ?? null;
    const look = (): void => setMoving({ cargo, byKeyboard: false, point: under.current() });
    const move = (event: PointerEvent): void => {
      [last.x, last.y] = [event.clientX, event.clientY];
      look();
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', move, true);
    window.addEventListener('scroll', look, true);
    return () => {
      under.current = () => null;
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', move, true);
      window.removeEventListener('scroll', look, true);
    };
  }, [cargo, finder, setMoving, store, under]);
}

function useKeyboard(moving: IMoving | null, setMoving: (next: IMoving | null) => void, store: BuilderStore): IMover {
  const outline = useContext(OutlineContext);
  const lift = useCallback(
    (cargo: Cargo): void => {
      const whole = wholeSelection(cargo, store);
      const legal = pointsFor(outline, store, whole);
      const point = startPoint(legal, store, whole) ?? legal[0] ?? null;
      setMoving({ cargo: whole, byKeyboard: true, point });
      store.set({ announcement: lifted(whole.label) });
    },
    [outline, setMoving, store]
  );
  const key = useCallback(
    (name: string): boolean => {
      if (moving === null || !moving.byKeyboard) {
        return false;
      }
      const nudge = NUDGES[name];
      if (nudge !== undefined && moving.point !== null) {
        const point = nudged(pointsFor(outline, store, moving.cargo), moving.point, nudge);
        const { document, palette } = store.snapshot();
        setMoving({ ...moving, point });
        store.set({ announcement: document === null ? '' : over(moving.cargo, document, point, palette) });
        return true;
      }
      if (name !== ' ' && name !== 'Enter' && name !== 'Escape') {
        return name === 'Tab' ? (setMoving(null), false) : nudge !== undefined;
      }
      setMoving(null);
      if (name === 'Escape' || moving.point === null) {
        store.set({ announcement: `${moving.cargo.label} is where it was.` });
      } else {
        put(store, moving.cargo, moving.point);
      }
      return true;
    },
    [moving, outline, setMoving, store]
  );
  return useMemo(() => ({ moving, lift, key }), [moving, lift, key]);
}

/** Where the keyboard can put `cargo`; before and after a step that is moved is one place. */
function pointsFor(outline: IOutline, store: BuilderStore, cargo: Cargo): IDropPoint[] {
  const { document } = store.snapshot();
  const carried = carriedIds(store, cargo);
  const before = ({ place }: IDropPoint): string | undefined => {
    const ids = place.parent === null ? document?.phases[place.phase] : document?.steps[place.parent]?.slots?.[place.slot];
    return ids?.[place.index - 1];
  };
  return legalPoints(outline.points, carried).filter(point => !carried.has(before(point) ?? ''));
}

/** A lifted step begins where it lies; something new where a click would put it. */
function startPoint(
  legal: readonly IDropPoint[],
  store: BuilderStore,
  cargo: Cargo
): IDropPoint | undefined {
  const { document } = store.snapshot();
  const own = cargo.kind === 'move' && document !== null ? placeOf(document, cargo.ids[0] ?? '') : null;
  const place = own ?? addPlace(store.snapshot());
  return legal.find(
    point =>
      point.place.phase === place.phase &&
      point.place.parent === place.parent &&
      point.place.slot === place.slot &&
      point.place.index === place.index
  );
}
