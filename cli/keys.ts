/** Single keys from a terminal, without Enter. */
import process from "node:process";

export interface Keys extends Disposable {
  /** Calls `onKey` for each key until disposed of. */
  listen(onKey: (key: string) => void): void;
}

/** Puts the terminal into the mode in which keys come at once; disposing of it puts it back. */
export function terminalKeys(): Keys {
  const { stdin } = process;
  let listener: ((data: string) => void) | undefined;
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  return {
    listen(onKey) {
      listener = (data) => [...data].forEach((key) => onKey(KOREAN_LAYOUT[key] ?? key.toLowerCase()));
      stdin.on("data", listener);
    },
    [Symbol.dispose]() {
      if (listener !== undefined) stdin.off("data", listener);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** What the keys give while a Korean keyboard is in Hangul mode. */
const KOREAN_LAYOUT: Readonly<Record<string, string>> = {
  ㅜ: "n",
  ㅗ: "h",
  ㄴ: "s",
  ㄱ: "r",
  ㅣ: "l",
  ㅅ: "t",
  ㅂ: "q",
};
