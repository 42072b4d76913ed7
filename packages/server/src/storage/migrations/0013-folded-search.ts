/**
 * Texts are searched in one more way: letters that are two when they are capitals, and those that have two small forms,
 * are told from each other no longer. What is in the database already is brought to it.
 */
export function foldedSearch(): string[] {
  const folded = Object.entries(folding).reduce(
    (text, [from, to]) => `replace(${text}, '${from}', '${to}')`,
    'search_text',
  );
  return [`UPDATE keys SET search_text = ${folded} WHERE search_text <> ${folded}`];
}

const folding = {
  ß: 'ss',
  ς: 'σ',
  ſ: 's',
  ı: 'i',
  ŉ: 'ʼn',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'st',
  ﬆ: 'st',
};
