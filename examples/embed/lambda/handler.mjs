import { createChecker, passed, render } from "keywarden";

const checker = createChecker();

/** For a function URL, and for the events of a bucket. `getText` is a test's, or reads from S3. */
export const handlerWith = (getText) => async (event) => {
  if (event.requestContext?.http !== undefined) return answer(event);
  const sources = await Promise.all(
    event.Records.map(async ({ s3 }) => {
      // Keys come as in a form: a space is a plus.
      const key = decodeURIComponent(s3.object.key.replaceAll("+", " "));
      return { path: key, text: await getText(s3.bucket.name, key), named: true };
    }),
  );
  const report = checker.check(sources);
  if (!passed(report)) throw new Error(render(report, "text"));
  return { checked: sources.map(({ path }) => path) };
};

function answer({ body = "", isBase64Encoded, queryStringParameters }) {
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString() : body;
  const report = checker.check([{ path: queryStringParameters?.file ?? "template", text, named: true }]);
  // An empty body is nothing that could pass.
  const statusCode = text.trim() === "" ? 400 : passed(report) ? 200 : 422;
  return { statusCode, headers: { "content-type": "application/json" }, body: render(report, "json") };
}

/** The runtime has the SDK. */
async function fromS3(Bucket, Key) {
  const { GetObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const { Body } = await new S3Client().send(new GetObjectCommand({ Bucket, Key }));
  return Body.transformToString();
}

export const handler = handlerWith(fromS3);
