/** The palette: everything that can become a step, to be dragged, clicked or lifted by Space. */
import { useDraggable } from '@dnd-kit/core';
import { useMemo, useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { useBuilder, useView } from './hooks';
import { useMover } from './moving';
import { countActions, groups } from './palette-model';
import type { IGroup, IItem, Template } from './palette-model';
import { addPlace } from './places';

export function Palette({ searchRef, onLifted }: { searchRef: Ref<HTMLInputElement>; onLifted: () => void }): JSX.Element {
  const palette = useView(state => state.palette);
  const [search, setSearch] = useState('');
  const [everything, setEverything] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => (palette === null ? [] : groups(palette, search, everything)), [palette, search, everything]);
  const count = palette === null ? 0 : countActions(palette);
  return (
    <div className="ivb-palette" role="region" aria-label="Palette">
      <input
        ref={searchRef}
        type="search"
        className="ivo-input"
        placeholder={`Search ${count} actions   /`}
        aria-label="Search actions"
        value={search}
        onChange={event => setSearch(event.target.value)}
        onKeyDown={event => event.key === 'Escape' && setSearch('')}
      />
      {palette !== null && palette.instruments.length === 0 && search === '' && (
        <p className="ivo-hint ivb-teach">No instruments yet. Define one in a cell, for example pump = Pump("COM3"), and its methods appear here.</p>
      )}
      {shown.map(group => (
        <Group key={group.key} group={group} onLifted={onLifted} onMore={() => setEverything(new Set([...everything, group.key]))} />
      ))}
      {shown.length === 0 && palette !== null && <p className="ivo-hint ivb-teach">Nothing is called “{search}”.</p>}
    </div>
  );
}

function Group({ group, onMore, onLifted }: { group: IGroup; onMore: () => void; onLifted: () => void }): JSX.Element {
  return (
    <section className="ivb-group" aria-label={group.label}>
      <div className="ivb-group-head">
        <span className={`ivb-square ivb-color${group.color}`} aria-hidden />
        <span className="ivb-group-name">{group.label}</span>
        <span className="ivb-group-type">{group.type}</span>
      </div>
      {group.items.map(item => (
        <Line key={item.key} item={item} onLifted={onLifted} />
      ))}
      {group.folded > 0 && (
        <button type="button" className="ivo-quiet ivb-folded" onClick={onMore}>
          {group.folded} more
        </button>
      )}
    </section>
  );
}

function Line({ item, onLifted }: { item: IItem; onLifted: () => void }): JSX.Element {
  return (
    <div className="ivb-line" title={item.help}>
      <Source id={item.key} label={item.label} detail={item.detail} template={item.template} name={item.key} wide onLifted={onLifted} />
      {item.other !== undefined && (
        <Source
          id={`${item.key}:set`}
          label=""
          detail={item.other.detail}
          template={item.other.template}
          name={`set ${item.key}`}
          onLifted={onLifted}
        />
      )}
    </div>
  );
}

interface ISourceProps {
  id: string;
  label: string;
  detail: string;
  name: string;
  template: Template;
  wide?: boolean;
  onLifted: () => void;
}

function Source({ id, label, detail, name, template, wide = false, onLifted }: ISourceProps): JSX.Element {
  const store = useBuilder();
  const mover = useMover();
  const cargo = { kind: 'new' as const, label: name.replace(/^flow:/, '').replace(/^(block|workflow):/, ''), template };
  const { setNodeRef, listeners } = useDraggable({ id: `palette:${id}`, data: cargo });
  const add = (): void => void store.tryEdit('insert', () => ({ step: template, place: { ...addPlace(store.snapshot()) } }));
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === ' ') {
      event.preventDefault();
      mover.lift(cargo);
      onLifted();
    }
  };
  return (
    <button
      type="button"
      ref={setNodeRef}
      {...listeners}
      className={wide ? 'ivb-source ivb-wide' : 'ivb-source'}
      aria-label={label === '' ? name : undefined}
      data-source={id}
      onClick={add}
      onKeyDown={keyDown}
    >
      <span>{label}</span>
      <span className="ivb-detail">{detail}</span>
    </button>
  );
}
