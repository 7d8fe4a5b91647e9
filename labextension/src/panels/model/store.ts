/** What do the views of a deck know, and how does it change?  One store per view; the kernel has the truth. */

import { NotConnectedError, RefusedError } from '../../protocol';
import type { Json, Params } from '../../protocol';
import { withEntries } from './entries';
import { withField } from './given';
import { NEW_FORM, answered, formKey, ready } from './open-form';
import type { OpenForm } from './open-form';
import type { CallReply, Check, Entry, Form, Given, GivenFields, InstrumentStatus, Listing, Operation, Preferences } from './shapes';

/** The line to the kernel, as far as the store needs it. */
export interface Line {
  request(method: string, params?: Params): Promise<Json>;
  on(name: string, listener: (data: Json) => void): () => void;
}

export interface DevicesState {
  listing: Listing | null;
  notice: string;
  forms: { [key: string]: OpenForm };
  /** Newest first. */
  entries: Entry[];
}

const TYPING_PAUSE_MS = 120;
const ASK_AGAIN_MS = 1500;

/** What an error says, with what she can do. */
export function saying(error: unknown): string {
  if (error instanceof RefusedError || error instanceof NotConnectedError) {
    return error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** What is JSON by its shape, for the line. */
function asJson(value: GivenFields | Preferences): Json {
  return value as unknown as Json;
}

export class DevicesStore {
  private _state: DevicesState = { listing: null, notice: '', forms: {}, entries: [] };
  private readonly _watchers = new Set<() => void>();
  private readonly _timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly _asked = new Map<string, number>();
  /** Forms that were submitted before the kernel had checked what stands in them. */
  private readonly _submitted = new Set<string>();
  private _listings = 0;
  private _parts: string[] = [];
  private _following = false;

  constructor(private readonly _line: Line, private readonly _focus: string) {}

  readonly snapshot = (): DevicesState => this._state;

  readonly watch = (watcher: () => void): (() => void) => {
    this._watchers.add(watcher);
    return () => this._watchers.delete(watcher);
  };

  /** Follow the kernel; returns how to stop. */
  start(): () => void {
    const stops = [
      this._line.on('control.deck', () => void this.load()),
      this._line.on('control.limits', () => void this._renewLimits()),
      this._line.on('control.entry', data => this._set({ entries: withEntries(this._state.entries, [data as unknown as Entry]) })),
      this._line.on('control.status', data => this._status(data as unknown as { [path: string]: InstrumentStatus })),
      this._line.on('control.preferences', data => this._prefer(data as unknown as Preferences))
    ];
    this._following = true;
    void this.load();
    return () => {
      this._following = false;
      stops.forEach(stop => stop());
      this._timers.forEach(timer => clearTimeout(timer));
      this._timers.clear();
    };
  }

  /** Read the listing and the log anew. */
  async load(): Promise<void> {
    const number = ++this._listings;
    try {
      const [listing, entries] = await Promise.all([
        this._line.request('control.list', { focus: this._focus, parts: this._parts }),
        this._line.request('control.log', { focus: this._focus })
      ]);
      if (number === this._listings) {
        const known = withEntries(this._state.entries, entries as unknown as Entry[]);
        this._set({ listing: listing as unknown as Listing, notice: '', entries: known });
      }
    } catch (error) {
      if (number === this._listings) {
        this._set({ notice: saying(error) });
        this._loadLater(error);
      }
    }
  }

  /** A kernel that was too busy to answer is asked again; to list something twice does no harm. */
  private _loadLater(error: unknown): void {
    if (error instanceof NotConnectedError && this._following) {
      clearTimeout(this._timers.get(''));
      this._timers.set('', setTimeout(() => void this.load(), ASK_AGAIN_MS));
    }
  }

  /** The limits are others: list them anew, and have every open form described and checked anew; what was typed stays. */
  private async _renewLimits(): Promise<void> {
    const renewed = Object.entries(this._state.forms).map(async ([key, { form }]) => {
      if (form) {
        const { target, member, operation } = form;
        this._form(key, { form: (await this._line.request('control.form', { target, member, operation })) as unknown as Form });
        this._check(key);
      }
    });
    await Promise.allSettled([this.load(), ...renewed]);
  }

  /** Show these sub-instruments too, each after its parent. */
  showParts(parts: string[]): void {
    if (parts.join('\n') !== this._parts.join('\n')) {
      this._parts = parts;
      void this.load();
    }
  }

  /** Open a form and fetch its fields. */
  async open(target: string, member: string, operation: Operation): Promise<void> {
    const key = formKey(target, member, operation);
    const known = this._state.forms[key];
    if (known?.form) {
      return;
    }
    this._form(key, known ?? NEW_FORM);
    try {
      const form = (await this._line.request('control.form', { target, member, operation })) as unknown as Form;
      const typed = this._state.forms[key]?.given ?? {};
      this._form(key, { form, given: { ...form.draft, ...typed }, unchecked: true, notice: '' });
      this._check(key);
    } catch (error) {
      this._submitted.delete(key);
      this._form(key, { notice: saying(error) });
    }
  }

  /** Put something into a field, and have the form checked after a short pause of typing. */
  change(key: string, field: string, given: Given | undefined): void {
    this.fill(key, withField(this._state.forms[key]?.given ?? {}, field, given));
  }

  /** Replace everything that stands in a form. */
  fill(key: string, given: GivenFields): void {
    this._submitted.delete(key);
    this._asked.set(key, (this._asked.get(key) ?? 0) + 1);
    this._form(key, { given, unchecked: true, notice: '', busy: false, takeOver: false });
    clearTimeout(this._timers.get(key));
    this._timers.set(key, setTimeout(() => this._check(key), TYPING_PAUSE_MS));
  }

  /**
   * Make the call that the form describes, as Enter and the button do. When the kernel has not checked the newest values yet the
   * call is made once it has found nothing wrong with them; typing on takes the intent back, for it was about other values.
   */
  submit(key: string): void {
    const open = this._state.forms[key];
    if (open?.unchecked) {
      this._submitted.add(key);
      clearTimeout(this._timers.get(key));
      this._check(key);
    } else if (open && ready(open)) {
      void this.call(key);
    }
  }

  /** Make the call that the form describes, whatever is thought of its values; the kernel checks them again. */
  async call(key: string, how: { waitInLine?: boolean; takeOver?: boolean } = {}): Promise<void> {
    const open = this._state.forms[key];
    if (!open?.form || open.sending) {
      return;
    }
    this._form(key, { sending: true, notice: '', busy: false, takeOver: false });
    const { target, member, operation } = open.form;
    const reply = await this._send({ target, member, operation, given: asJson(open.given), wait_in_line: !!how.waitInLine, take_over: !!how.takeOver });
    this._form(key, { sending: false, ...answered(reply, open.check) });
  }

  /** Read a property, or call something that needs no form; says what went wrong. */
  async quick(target: string, member: string, operation: Operation): Promise<string> {
    const reply = await this._send({ target, member, operation, given: {} });
    const { notice } = answered(reply, null);
    return notice ?? '';
  }

  /** Keep favourites, hidden methods and order. */
  async prefer(preferences: Preferences): Promise<void> {
    this._prefer(preferences);
    await this.request('control.preferences', { preferences: asJson(preferences) });
  }

  /** Ask for anything else; what goes wrong is shown. */
  async request(method: string, params: Params): Promise<Json> {
    try {
      return await this._line.request(method, params);
    } catch (error) {
      this._set({ notice: saying(error) });
      return null;
    }
  }

  private async _send(params: Params): Promise<CallReply | string> {
    try {
      return (await this._line.request('control.call', params)) as unknown as CallReply;
    } catch (error) {
      return saying(error);
    }
  }

  private _check(key: string): void {
    const open = this._state.forms[key];
    if (!open?.form) {
      return;
    }
    const number = (this._asked.get(key) ?? 0) + 1;
    this._asked.set(key, number);
    const { target, member, operation } = open.form;
    this._line.request('control.check', { target, member, operation, given: asJson(open.given) }).then(
      check => this._asked.get(key) === number && this._checked(key, { check: check as unknown as Check }),
      error => this._asked.get(key) === number && this._checked(key, { notice: saying(error) })
    );
  }

  /** Take in what the kernel said of the newest values, and do what was asked for before it did. */
  private _checked(key: string, found: Partial<OpenForm>): void {
    this._form(key, { ...found, unchecked: false });
    if (this._submitted.delete(key) && found.check) {
      this.submit(key);
    }
  }

  private _status(status: { [path: string]: InstrumentStatus }): void {
    const listing = this._state.listing;
    if (listing !== null) {
      const instruments = listing.instruments.map(one => ({ ...one, status: status[one.path] ?? one.status }));
      this._set({ listing: { ...listing, instruments } });
    }
  }

  private _prefer(preferences: Preferences): void {
    const listing = this._state.listing;
    if (listing !== null) {
      this._set({ listing: { ...listing, preferences } });
    }
  }

  private _form(key: string, change: Partial<OpenForm>): void {
    const form = { ...(this._state.forms[key] ?? NEW_FORM), ...change };
    this._set({ forms: { ...this._state.forms, [key]: form } });
  }

  private _set(change: Partial<DevicesState>): void {
    this._state = { ...this._state, ...change };
    this._watchers.forEach(watcher => watcher());
  }
}
