/** Times as programs write them in their logs; all in UTC. Milliseconds of the clock in, text out. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = (number: number) => String(number).padStart(2, "0");

function parts(ms: number) {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    weekday: DAYS[date.getUTCDay()],
    time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`,
    fraction: String(date.getUTCMilliseconds()).padStart(3, "0"),
  };
}

/** "2026/11/21 04:11:29" */
export function slashTime(ms: number): string {
  const { year, month, day, time } = parts(ms);
  return `${year}/${two(month + 1)}/${two(day)} ${time}`;
}

/** "21/Nov/2026:04:11:29 +0000", as access logs have it. */
export function accessTime(ms: number): string {
  const { year, month, day, time } = parts(ms);
  return `${two(day)}/${MONTHS[month]}/${year}:${time} +0000`;
}

/** "Sat Nov 21 04:11:29.123456 2026", as httpd has it. */
export function httpdTime(ms: number): string {
  const { year, month, day, weekday, time, fraction } = parts(ms);
  return `${weekday} ${MONTHS[month]} ${two(day)} ${time}.${fraction}000 ${year}`;
}

/** "21 Nov 2026 04:11:29.123", as Redis has it. */
export function redisTime(ms: number): string {
  const { year, month, day, time, fraction } = parts(ms);
  return `${two(day)} ${MONTHS[month]} ${year} ${time}.${fraction}`;
}

/** "2026-11-21 04:11:29" */
export const dashTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** "2026-11-21 04:11:29.123 UTC", as PostgreSQL has it. */
export const postgresTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23).replace("T", " ")} UTC`;

/** "2026-11-21T04:11:29.123456Z", as MySQL has it. */
export const microTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000Z`;

/** "I1121 04:11:29.123456", as Kubernetes' own programs begin their lines. */
export function klogTime(ms: number): string {
  const { month, day, time, fraction } = parts(ms);
  return `I${two(month + 1)}${two(day)} ${time}.${fraction}000`;
}

/** "Sat, 21 Nov 2026 04:11:29 GMT", as HTTP headers have it. */
export const httpTime = (ms: number): string => new Date(ms).toUTCString();
