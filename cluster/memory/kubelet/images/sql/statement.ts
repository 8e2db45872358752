/** The statements of SQL that people type to see that a database works and keeps what it was given. */

export type Value = string | number | null;

export interface ColumnDefinition {
  readonly name: string;
  /** "INT", "VARCHAR(20)" */
  readonly type: string;
  /** Counts by itself: AUTO_INCREMENT, SERIAL. */
  readonly counts: boolean;
  readonly primary: boolean;
}

export interface Condition {
  readonly column: string;
  readonly operator: "=" | "<>" | "<" | ">" | "<=" | ">=" | "like";
  readonly value: Value;
}

export type Statement =
  | { readonly kind: "create database" | "drop database" | "use"; readonly name: string; readonly lenient: boolean }
  | {
    readonly kind: "create table";
    readonly name: string;
    readonly columns: readonly ColumnDefinition[];
    readonly lenient: boolean;
  }
  | { readonly kind: "drop table" | "truncate" | "describe"; readonly name: string; readonly lenient: boolean }
  | {
    readonly kind: "insert";
    readonly name: string;
    readonly columns?: readonly string[];
    readonly rows: readonly (readonly Value[])[];
  }
  | {
    readonly kind: "select";
    readonly items: readonly string[];
    readonly from?: string;
    readonly where: readonly Condition[];
    readonly orderBy?: { readonly column: string; readonly descending: boolean };
    readonly limit?: number;
  }
  | {
    readonly kind: "update";
    readonly name: string;
    readonly changes: Readonly<Record<string, Value>>;
    readonly where: readonly Condition[];
  }
  | { readonly kind: "delete"; readonly name: string; readonly where: readonly Condition[] }
  | { readonly kind: "show"; readonly what: "databases" | "tables" }
  /** Understood, and without an effect here: BEGIN, GRANT, SET. */
  | { readonly kind: "nothing"; readonly tag: string };
