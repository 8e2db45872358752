/** Times as the C library writes them. */
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A time as strftime writes it, in UTC; what it does not know stays as it is. @param ms milliseconds since the epoch */
export function strftime(format: string, ms: number): string {
  const date = new Date(ms);
  const pad = (number: number, width = 2, fill = "0") => String(number).padStart(width, fill);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const [hour, minute, second] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const dayOfYear = Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const values: Readonly<Record<string, () => string>> = {
    a: () => DAYS[date.getUTCDay()].slice(0, 3),
    A: () => DAYS[date.getUTCDay()],
    b: () => MONTHS[month].slice(0, 3),
    h: () => MONTHS[month].slice(0, 3),
    B: () => MONTHS[month],
    d: () => pad(day),
    e: () => pad(day, 2, " "),
    m: () => pad(month + 1),
    y: () => pad(year % 100),
    Y: () => String(year),
    H: () => pad(hour),
    I: () => pad(hour % 12 || 12),
    p: () => hour < 12 ? "AM" : "PM",
    M: () => pad(minute),
    S: () => pad(second),
    N: () => pad(date.getUTCMilliseconds() * 1e6, 9),
    s: () => String(Math.floor(ms / 1000)),
    j: () => pad(dayOfYear, 3),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    Z: () => "UTC",
    z: () => "+0000",
    F: () => `${year}-${pad(month + 1)}-${pad(day)}`,
    T: () => `${pad(hour)}:${pad(minute)}:${pad(second)}`,
    D: () => `${pad(month + 1)}/${pad(day)}/${pad(year % 100)}`,
    R: () => `${pad(hour)}:${pad(minute)}`,
    c: () => strftime("%a %b %e %H:%M:%S %Y", ms),
    x: () => strftime("%m/%d/%y", ms),
    X: () => strftime("%H:%M:%S", ms),
    n: () => "\n",
    t: () => "\t",
    "%": () => "%",
  };
  return format.replaceAll(/%[-_0]?(\w|%)/g, (all, letter: string) => {
    const text = values[letter]?.() ?? all;
    return all[1] === "-" ? text.replace(/^[0 ]+(?=.)/, "") : text;
  });
}
