import type { MiddlewareHandler } from "hono";

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * For a server on the loopback address: refuses requests under another host name (DNS rebinding) and from pages of other
 * origins, and sends the headers that keep the page from loading anything from elsewhere.
 */
export const guardLocal: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  if (!LOCAL.test(host))
    return context.json({ code: "bad-host", reason: `expected a loopback host, found ${host}` }, 403);
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`)
    return context.json({ code: "bad-origin", reason: `expected http://${host}, found ${origin}` }, 403);
  await next();
  context.header(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Referrer-Policy", "no-referrer");
  context.header("Cache-Control", "no-store");
  return undefined;
};
