declare const encoded: unique symbol;

/**
 * Text that is safe to print, store or send, whatever input it quotes. Only the encoders in src/reporters/encode.ts
 * create it, so that no output can forget to escape.
 */
export type OutputText = string & { readonly [encoded]: true };
