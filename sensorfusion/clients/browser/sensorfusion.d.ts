/** Types of sensorfusion.js: docs/browser.md. */

/** Values by quantity, in canonical units. */
export type Values = Record<string, number | string>;

export interface Reading {
  sensor: string;
  seq: number;
  observed_at: string;
  received_at: string;
  values: Values;
  flags?: Record<string, number>;
  /** Quantities that an exclusion covers: they count nowhere. */
  excluded?: string[];
}

export interface Latest {
  sensor: string;
  name: string;
  state: "pending" | "live" | "late" | "offline" | "paused";
  seq: number;
  observed_at: string | null;
  received_at: string | null;
  values: Values;
  flags?: Record<string, number>;
  /** Epoch seconds of the values that are older than `observed_at`. */
  older?: Record<string, number>;
}

export interface Series {
  resolution: string;
  /** Epoch seconds. */
  t: number[];
  /** Columns of each quantity, such as `mean`; null in gaps. */
  series: Record<string, Record<string, (number | null)[]>>;
}

/** What carries a stream: `socket`, `events` (server-sent, where sockets are blocked), or nothing yet, `waiting`. */
export type State = "socket" | "events" | "waiting";

export interface Handlers {
  /** The values when the stream begins, and after each reconnect. */
  snapshot?(snapshot: Latest): void;
  /** Every change since, once and in the order of the sensor's `seq`. */
  reading?(reading: Reading): void;
  /** A sensor became late, offline or live, or was paused, renamed or deleted. */
  sensor?(change: { sensor: string; state: string; name?: string }): void;
  state?(state: State): void;
  error?(error: { code: string; detail?: string; sensor?: string }): void;
  /** The token is unknown or has ended: nothing more comes. */
  ended?(): void;
}

export interface Subscription {
  /** The last seq of each sensor, for `live` to go on from. */
  readonly after: Record<string, number>;
  close(): void;
}

export declare class ApiError extends Error {
  readonly status: number;
  readonly code?: string;
}

export declare class SensorFusion {
  constructor(server: string, options: { token: string });
  /** The answer of any address below `/api/v1/`. */
  get(path: string, query?: Record<string, string | number>): Promise<unknown>;
  latest(sensor: string, query?: { derived?: 1 }): Promise<Latest>;
  series(
    sensor: string,
    query?: { quantities?: string; from?: string; to?: string; resolution?: string; points?: number },
  ): Promise<Series>;
  live(sensors: string[], handlers: Handlers, options?: { after?: Record<string, number> }): Subscription;
}

/** What a link shows: numbers as texts in the reader's units. */
export interface Shown {
  state: string;
  why: string;
  at: string | null;
  clock: string;
  /** Number, symbol, and since when if it is old. */
  values: Record<string, [number: string, symbol: string, since: string]>;
}

export interface Units {
  units?: "metric" | "us" | "uk";
  clock?: "12" | "24";
}

/** A shared link, `https://…/s/…/`; a site's page, `https://…/p/…/`, has `cards` instead of `values`, and no series. */
export declare class SharedLink<Message = Shown> {
  constructor(address: string);
  latest(query?: Units): Promise<Message>;
  series(query?: Record<string, string>): Promise<{ range: string; t: number[]; columns: Record<string, unknown> }>;
  live(
    handlers: { value(message: Message): void; state?(state: State): void; ended?(): void },
    query?: Units,
  ): { close(): void };
}
