/** The prompts of shells, as people copy them out of terminals. */

/** In the colours and themes of zsh, an arrow stands before the command, and perhaps the folder and the branch. */
const AFTER_ARROW = "(?:[~/\\w.-]{1,60}\\s+(?:git:\\(\\S{1,60}\\)\\s+(?:✗\\s+)?)?)?";
const PROGRAM =
  "(?=(?:sudo\\s+)?(?:kubectl|k|kubeadm|etcdctl|helm|docker|crictl|systemctl|cat|ls|curl|ssh|vi|vim|export|alias|cd)\\s)";

const FORMS = [
  // "$ ", "% ", "controlplane $ ", "controlplane:~$ "
  "(?:[\\w.-]+(?:\\s|:[^\\s$#%]{0,60}))?[$%]\\s+(?=\\S)",
  // "user@host:~/a b$ ", "(base) user@host folder % ", "[user@host folder]$ "
  "(?:\\([\\w.-]{1,40}\\)\\s+)?\\[?[\\w.-]+@[\\w.-]+(?::|\\s)?[^$#%]{0,80}\\]?[$%]\\s+(?=\\S)",
  // "root@node01:~# ", "[root@master ~]# "; a lone "# " begins a comment
  "[\\w.-]+@[\\w.-]+:[^$#]{0,80}#\\s+(?=\\S)",
  "\\[[\\w.-]+@[\\w.-]+[^\\]\\n]{0,80}\\]#\\s+(?=\\S)",
  // "PS C:\\Users\\me> ", "C:\\> "
  "(?:PS\\s+)?[A-Z]:\\\\[^>\\n]{0,80}>\\s*(?=\\S)",
  // "controlplane ~ ➜  "
  "[\\w.-]{1,60}\\s+[~/\\w.-]{1,60}\\s+➜\\s+(?=\\S)",
  `[➜❯»]\\s+${AFTER_ARROW}${PROGRAM}`,
];

const PROMPT = new RegExp(`^\\s*(?:${FORMS.join("|")})`, "u");

/**
 * How many characters of a line are a prompt; 0 for a line without one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { promptLength } from "./prompt.ts";
 *
 * assert.equal(promptLength("root@node01:~# kubectl get pods"), 15);
 * assert.equal(promptLength("# kubectl get pods"), 0);
 * ```
 */
export const promptLength = (text: string): number => PROMPT.exec(text.slice(0, 300))?.[0].length ?? 0;

export const hasPrompt = (text: string): boolean => promptLength(text) > 0;
