/** How are times and spans said? */

/** `14:03:22` of local time. */
export function timeOfDay(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { hour12: false });
}

/** `0.02 s`, `0.20 s`, `2.1 s`, `31 s`, `2:31`, `1:02:05`. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.001) {
    return '0 s';
  }
  if (seconds < 1) {
    return `${seconds.toFixed(seconds < 0.1 ? 3 : 2)} s`;
  }
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** `14:03` today, `Nov 21, 14:03` before. */
export function moment(ms: number, now: number = Date.now()): string {
  const date = new Date(ms);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
  const today = new Date(now).toDateString() === date.toDateString();
  return today ? time : `${date.toLocaleDateString('en-US', { month: 'short', day: 'numeric' })}, ${time}`;
}

/** `12 min`, `6 h`: a span that nobody counts in seconds. */
export function roughly(ms: number): string {
  const minutes = Math.max(0, ms) / 60_000;
  if (minutes < 1) {
    return `${Math.round(minutes * 60)} s`;
  }
  return minutes < 90 ? `${Math.round(minutes)} min` : `${Number((minutes / 60).toPrecision(2))} h`;
}
