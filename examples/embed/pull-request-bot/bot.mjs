import { pathToFileURL } from "node:url";
import { createChecker, passed, render } from "keywarden";

const checker = createChecker();
/** Files that can contain keys. Not Terraform source, which needs all files of a directory: check its plan instead. */
const canContainKeys = /\.(?:json|ya?ml|template)$/i;
const mark = "<!-- keywarden -->";

/**
 * Checks a pull request, writes the result to a comment, and returns whether the report passes. Set `api` for GitHub
 * Enterprise. Tests replace `fetch`.
 */
export async function review({ repository, number, token, fetch = globalThis.fetch, api = "https://api.github.com" }) {
  const call = async (path, { accept = "application/vnd.github+json", ...init } = {}) => {
    const headers = { accept, authorization: `Bearer ${token}`, "x-github-api-version": "2022-11-28" };
    const response = await fetch(`${api}/repos/${repository}${path}`, { ...init, headers });
    // Without this error, a missing file would look like one without findings.
    if (!response.ok) throw new Error(`GitHub responded with ${response.status} to ${init.method ?? "GET"} ${path}`);
    return response;
  };
  const all = async (path) => {
    const items = [];
    for (let page = 1; ; page += 1) {
      const some = await (await call(`${path}?per_page=100&page=${page}`)).json();
      items.push(...some);
      if (some.length < 100) return items;
    }
  };

  const { head } = await (await call(`/pulls/${number}`)).json();
  const files = (await all(`/pulls/${number}/files`)).filter(
    ({ status, filename }) => status !== "removed" && canContainKeys.test(filename),
  );
  const sources = [];
  for (const { filename } of files) {
    const path = filename.split("/").map(encodeURIComponent).join("/");
    const text = await call(`/contents/${path}?ref=${head.sha}`, { accept: "application/vnd.github.raw+json" });
    sources.push({ path: filename, text: await text.text() });
  }

  const report = checker.check(sources);
  const comments = await all(`/issues/${number}/comments`);
  const existing = comments.find(({ body }) => body.startsWith(mark));
  // Don't add a comment to a pull request that never had findings.
  if (existing !== undefined || report.findings.length + report.problems.length > 0) {
    const body = JSON.stringify({ body: render(report, "markdown") });
    if (existing === undefined) await call(`/issues/${number}/comments`, { method: "POST", body });
    else await call(`/issues/comments/${existing.id}`, { method: "PATCH", body });
  }
  return passed(report);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [repository, number] = process.argv.slice(2);
  const passes = await review({ repository, number, token: process.env.GITHUB_TOKEN });
  process.exitCode = passes ? 0 : 1;
}
