/** What she decides about a member: favourite, hidden, its place in the order. */

import { memo, useRef, useState } from 'react';
import { useDevices, useStore } from '../model/hooks';
import { favoured, hidden, moved } from '../model/preferences';
import { memberKey } from '../model/search';
import type { Preferences } from '../model/shapes';

const NONE: Preferences = { favourites: [], hidden: [], order: {} };

export const MemberMenu = memo(function MemberMenu({ path, member, onLimit }: { path: string; member: string; onLimit?: () => void }): JSX.Element {
  const store = useStore();
  const listing = useDevices(state => state.listing);
  const preferences = listing?.preferences ?? NONE;
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const key = memberKey(path, member);
  const favourite = preferences.favourites.includes(key);
  const away = preferences.hidden.includes(key);
  const row = listing?.instruments.find(one => one.path === path);
  const siblings = row?.methods.some(one => one.name === member) ? row.methods : (row?.properties ?? []);
  const names = siblings.map(one => one.name);
  const choose = (next: Preferences): void => {
    setOpen(false);
    void store.prefer(next);
  };
  return (
    <span
      className="ivo-menu"
      ref={root}
      onBlur={event => !root.current?.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={event => event.key === 'Escape' && setOpen(false)}
    >
      {favourite && <span className="ivo-star" title="Favourite">★</span>}
      <button type="button" className="ivo-quiet" aria-haspopup="menu" aria-expanded={open} aria-label={`More about ${key}`} onClick={() => setOpen(!open)}>
        ⋯
      </button>
      {open && (
        <span className="ivo-popup" role="menu">
          <button type="button" role="menuitem" onClick={() => choose(favoured(preferences, key, !favourite))}>
            {favourite ? 'No favourite any more' : 'Favourite: keep on top'}
          </button>
          <button type="button" role="menuitem" onClick={() => choose(hidden(preferences, key, !away))}>
            {away ? 'Show always' : 'Hide'}
          </button>
          <button type="button" role="menuitem" onClick={() => choose(moved(preferences, path, names, member, -1))}>
            Move up
          </button>
          <button type="button" role="menuitem" onClick={() => choose(moved(preferences, path, names, member, 1))}>
            Move down
          </button>
          {onLimit !== undefined && (
            <button
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                onLimit();
              }}
            >
              Limit what it is set to…
            </button>
          )}
        </span>
      )}
    </span>
  );
});
