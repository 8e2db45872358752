/** The mends of words that are nearly right. */
import type { Edit, Mend } from "./finding.ts";

/** "Did you mean …?" @param meant in place of the characters `at` */
export const didYouMean = (meant: string, { line, column, length }: Omit<Edit, "replacement">): Mend => ({
  text: { en: `Did you mean ${meant}?`, ko: `혹시 ${meant}인가요?` },
  edit: { line, column, length, replacement: meant },
});

/** "Write …." @param meant in place of the characters `at` */
export const writeInstead = (meant: string, { line, column, length }: Omit<Edit, "replacement">): Mend => ({
  text: { en: `Write ${meant}.`, ko: `다음과 같이 고치세요: ${meant}` },
  edit: { line, column, length, replacement: meant },
});
