/** What a note's commands share: the cluster, the sandbox, the files, and how far the note has come. */
import type { Cluster } from "../../cluster/cluster.ts";
import type { CommandContext } from "./command_context.ts";
import type { Contexts } from "./kubectl/contexts.ts";
import type { Sandbox } from "./kubectl/sandbox.ts";

export interface NoteFile {
  readonly text: string;
  used: boolean;
}

/** What a note's commands share. */
export interface NoteRun {
  readonly cluster: Cluster;
  readonly sandbox: Sandbox;
  /** The files that the note gives; those that no command has used yet still have their objects from the check. */
  readonly files: Map<string, NoteFile>;
  /** The manifest right above, where the note does not say what it is called: the first file that a command names. */
  unnamed?: NoteFile;
  readonly contexts: Contexts;
  /** The kinds of the words that name resources. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Something that changes the cluster was only read: from there on the note's cluster may differ from this one. */
  diverged: boolean;
  /** Something was changed since the cluster last came to rest. */
  busy: boolean;
  /** Commands that may still run. */
  left: number;
  /** When the note has had its time, by `performance.now()`. */
  readonly until: number;
}

/** A note with more commands than this is no note. */
const MOST_COMMANDS = 400;

/** Milliseconds of the world's time that a note's commands may take together. */
const MOST_TIME = 90_000;

export function newRun(cluster: Cluster, sandbox: Sandbox, { contexts, kinds }: CommandContext): NoteRun {
  return {
    cluster,
    sandbox,
    files: new Map(),
    contexts,
    kinds,
    diverged: false,
    busy: false,
    left: MOST_COMMANDS,
    until: performance.now() + MOST_TIME,
  };
}
