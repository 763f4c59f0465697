const MOST_VIEWS = 64;
const LONGEST_TITLE = 200;
/** Kebab-case, as WIT says; names become parts of topics, addresses and file names. */
const NAME = /^[a-z][a-z0-9]{0,31}(-[a-z0-9]{1,32}){0,7}$/;

/**
 * The views that a unit offers, if they can be shown.
 * @throws Error that says what was expected
 */
export function checkedViews(
  views: readonly { name: string; title: string }[],
): { name: string; title: string }[] {
  if (views.length > MOST_VIEWS)
    throw new Error(`expected at most ${MOST_VIEWS} views, found ${views.length}`);
  const names = new Set<string>();
  return views.map(({ name, title }) => {
    if (!NAME.test(name))
      throw new Error(`expected a view's name in kebab-case, found ${JSON.stringify(name.slice(0, 80))}`);
    if (names.has(name)) throw new Error(`expected different names of views, found ${name} twice`);
    names.add(name);
    return { name, title: title.slice(0, LONGEST_TITLE) };
  });
}
