import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from "js-yaml";
import type { Json, Point } from "../model/source.ts";
import { duplicateKeyFailure, ParseFailure, placeholderFailure, tooDeepFailure } from "./failure.ts";
import { setKey } from "./json-reader.ts";
import type { Span } from "./json-scan.ts";
import { Anchors, type Composed } from "./yaml-anchors.ts";
import { type Children, mergeMappings, mergeSources } from "./yaml-merge.ts";
import { fullTag, longForm, mergeTag, plainValue, taggedValue } from "./yaml-scalars.ts";
import { blockStart, closingBracket, nextDash, trimmedEnd } from "./yaml-spans.ts";

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>;
type CollectionEvent = Extract<Event, { style: unknown; start: number }>;
type Properties = CollectionEvent | ScalarEvent;

export interface YamlDocument {
  value: Json;
  span: Span;
  children: Map<Json, Children>;
}

export interface Limits {
  maxDepth: number;
  /** Maximum number of values that all aliases together may add. */
  maxAliased: number;
}

/** A string of this length counts as one more value, because a format may copy it for each alias. */
const CHARACTERS_PER_VALUE = 100;

/** Builds plain values from the parser events of js-yaml. Throws ParseFailure. */
export class Composer {
  private readonly text: string;
  private readonly events: Event[];
  private readonly limits: Limits;
  private readonly at: (offset: number) => Point;
  private i = 0;
  /** End offset of the last value: events do not contain the end of containers or the start of block scalars. */
  private cursor = 0;
  private depth = 0;
  private readonly anchors: Anchors;
  private handles = new Map<string, string>();
  private children = new Map<Json, Children>();

  constructor(text: string, events: Event[], limits: Limits, at: (offset: number) => Point) {
    this.text = text;
    this.events = events;
    this.limits = limits;
    this.anchors = new Anchors(limits.maxAliased);
    this.at = at;
  }

  documents(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    while (this.i < this.events.length) {
      const event = this.next();
      if (event.type !== EVENT_ID.DOCUMENT) continue;
      this.anchors.startDocument();
      this.children = new Map();
      this.handles = new Map(
        event.directives.flatMap((d) => (d.kind === "tag" ? [[d.handle, d.prefix]] : [])),
      );
      const content = this.events[this.i];
      const empty = content?.type === EVENT_ID.SCALAR && !hasProperties(content) && content.valueStart < 0;
      const { value, start, end } = this.node([this.cursor, this.cursor]);
      if (!empty) documents.push({ value, span: [start, end], children: this.children });
    }
    return documents;
  }

  private next(): Event {
    return this.events[this.i++] as Event;
  }

  /** Composes the next value. `emptySpan` is its range if it is empty. */
  private node(emptySpan: Span): Composed {
    const event = this.next();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.scalar(event, emptySpan);
      case EVENT_ID.ALIAS:
        return this.alias(event);
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        return this.collection(event);
      default:
        throw new ParseFailure(this.cursor, "A value is missing here.", "Write a value.");
    }
  }

  private scalar(event: ScalarEvent, emptySpan: Span): Composed {
    const span = this.scalarSpan(event, emptySpan);
    this.cursor = Math.max(this.cursor, span[1]);
    const text = getScalarValue(this.text, event);
    const tag = this.tagOf(event);
    const plain = event.style === SCALAR_STYLE.PLAIN;
    const name = tag === null ? undefined : longForm(tag);
    const size = 1 + Math.floor(text.length / CHARACTERS_PER_VALUE);
    const composed = (value: Json): Composed => ({ value, start: span[0], end: span[1], size, height: 0 });
    if (name === undefined)
      return this.finished(
        event,
        composed(tag === null ? (plain ? plainValue(text) : text) : taggedValue(tag, text, plain)),
      );
    const inner =
      name === "Fn::GetAtt" && text.includes(".") ? this.getAtt(event, text, span) : composed(text);
    return this.finished(event, this.wrapped(name, inner));
  }

  /** Splits `A.B.C` into the logical ID A and the attribute B.C. */
  private getAtt(event: ScalarEvent, text: string, [start, end]: Span): Composed {
    const dot = text.indexOf(".");
    const value = [text.slice(0, dot), text.slice(dot + 1)];
    const middle = event.valueStart + dot;
    const spans = event.fast
      ? [event.valueStart, middle, middle + 1, event.valueEnd]
      : [start, end, start, end];
    this.children.set(value, { keys: null, spans });
    return { value, start, end, size: 3, height: 1 };
  }

  private scalarSpan(event: ScalarEvent, emptySpan: Span): Span {
    const { valueStart, valueEnd, style } = event;
    const properties = propertiesEnd(event);
    if (valueStart < 0) return properties < 0 ? emptySpan : [properties, properties];
    if (style === SCALAR_STYLE.PLAIN) return [valueStart, valueEnd];
    if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED)
      return [valueStart - 1, valueEnd + 1];
    const start = blockStart(this.text, Math.max(this.cursor, properties), valueStart);
    return [start, Math.max(start + 1, trimmedEnd(this.text, valueStart, valueEnd))];
  }

  private collection(event: CollectionEvent): Composed {
    const flow = event.style === COLLECTION_STYLE.FLOW;
    const bracket = flow && "[{".includes(this.text[event.start] as string);
    this.enter(event.start, 1);
    this.cursor = Math.max(this.cursor, event.start + (bracket ? 1 : 0));
    const anchor = this.anchorOf(event);
    if (anchor !== null) this.anchors.set(anchor, null);
    const composed = event.type === EVENT_ID.MAPPING ? this.mapping() : this.sequence();
    this.i++;
    this.depth--;
    if (bracket) this.cursor = closingBracket(this.text, this.cursor);
    composed.start = event.start;
    composed.end = Math.max(event.start, this.cursor);
    const tag = this.tagOf(event);
    const name = tag === null ? undefined : longForm(tag);
    return this.finished(event, name === undefined ? composed : this.wrapped(name, composed));
  }

  private atEnd(): boolean {
    return this.i >= this.events.length || this.events[this.i]?.type === EVENT_ID.POP;
  }

  private sequence(): Composed {
    const value: Json[] = [];
    const spans: number[] = [];
    let size = 1;
    let height = 0;
    while (!this.atEnd()) {
      const dash = nextDash(this.text, this.cursor);
      const item = this.node([dash, Math.min(dash + 1, this.text.length)]);
      value.push(item.value);
      spans.push(item.start, item.end);
      size += item.size;
      height = Math.max(height, item.height);
    }
    this.children.set(value, { keys: null, spans });
    return { value, start: 0, end: 0, size, height: height + 1 };
  }

  private mapping(): Composed {
    let value: { [key: string]: Json } = {};
    const children = { keys: [] as string[], spans: [] as number[] };
    const keyStarts: number[] = [];
    const merged: { [key: string]: Json }[] = [];
    let size = 1;
    let height = 0;
    while (!this.atEnd()) {
      const key = this.key();
      const item = this.node(key.span);
      size += item.size;
      height = Math.max(height, item.height);
      if (key.merge) for (const from of mergeSources(item.value, item.start)) merged.push(from);
      else {
        if (Object.hasOwn(value, key.text)) {
          const first = keyStarts[children.keys.indexOf(key.text)] as number;
          throw duplicateKeyFailure(key.span[0], key.text, "mapping", this.at(first));
        }
        setKey(value, key.text, item.value);
        children.keys.push(key.text);
        children.spans.push(item.start, item.end);
        keyStarts.push(key.span[0]);
      }
    }
    if (merged.length > 0) value = mergeMappings(value, children, merged, this.children);
    this.children.set(value, children);
    return { value, start: 0, end: 0, size, height: height + 1 };
  }

  private key(): { text: string; span: Span; merge: boolean } {
    const event = this.next();
    if (event.type === EVENT_ID.SCALAR) {
      const span = this.scalarSpan(event, [this.cursor, this.cursor]);
      this.cursor = Math.max(this.cursor, span[1]);
      const text = getScalarValue(this.text, event);
      const tag = this.tagOf(event);
      const merge = tag === mergeTag || (tag === null && text === "<<" && event.style === SCALAR_STYLE.PLAIN);
      this.finished(event, { value: text, start: span[0], end: span[1], size: 1, height: 0 });
      return { text, span, merge };
    }
    if (event.type === EVENT_ID.ALIAS) {
      const { value, start, end } = this.alias(event);
      if (value === null || typeof value !== "object")
        return { text: String(value), span: [start, end], merge: false };
    }
    const offset = "start" in event ? event.start : this.cursor;
    if (this.text.startsWith("{{", offset - 1)) throw placeholderFailure(offset - 1, "YAML");
    throw new ParseFailure(
      offset,
      "The key of a mapping is a list or a mapping.",
      "Use a string as the key.",
    );
  }

  private alias(event: AliasEvent): Composed {
    const name = this.text.slice(event.anchorStart, event.anchorEnd);
    const start = event.anchorStart - 1;
    const anchor = this.anchors.resolve(name, start);
    this.enter(start, anchor.height);
    this.depth -= anchor.height;
    this.cursor = event.anchorEnd;
    return { ...anchor, start, end: event.anchorEnd };
  }

  /** Wraps a value in the long form of a CloudFormation function: a mapping with one key. */
  private wrapped(name: string, inner: Composed): Composed {
    this.enter(inner.start, inner.height + 1);
    this.depth -= inner.height + 1;
    const value = { [name]: inner.value };
    this.children.set(value, { keys: [name], spans: [inner.start, inner.end] });
    return { ...inner, value, size: inner.size + 1, height: inner.height + 1 };
  }

  /** Registers the anchor and extends the range of the value to its tag and anchor. */
  private finished(event: Properties, composed: Composed): Composed {
    const anchor = this.anchorOf(event);
    if (event.tagStart >= 0) composed.start = Math.min(composed.start, event.tagStart);
    if (anchor !== null) {
      composed.start = Math.min(composed.start, event.anchorStart - 1);
      this.anchors.set(anchor, composed);
    }
    return composed;
  }

  private anchorOf(event: Properties): string | null {
    return event.anchorStart < 0 ? null : this.text.slice(event.anchorStart, event.anchorEnd);
  }

  private tagOf(event: Properties): string | null {
    if (event.tagStart < 0) return null;
    return fullTag(this.text.slice(event.tagStart, event.tagEnd), this.handles);
  }

  private enter(offset: number, levels: number): void {
    this.depth += levels;
    if (this.depth > this.limits.maxDepth) throw tooDeepFailure(offset, this.limits.maxDepth);
  }
}

const hasProperties = (event: Properties): boolean => event.tagStart >= 0 || event.anchorStart >= 0;

const propertiesEnd = (event: Properties): number => Math.max(event.tagEnd, event.anchorEnd);
