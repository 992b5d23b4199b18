import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  cert: Buffer;
  key: Buffer;
}

export interface Authority {
  ca: Buffer;
  /**
   * Signs a server or client certificate for subject alternative names. A negative number of days makes it an expired one.
   */
  sign: (subject: string, options?: { days?: number; names?: string }) => Certificate;
  /** Signs an authority whose certificates have a chain of two. */
  intermediate: (name: string) => Authority;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority that lives for the tests: it signs certificates with OpenSSL. `lifetime`: the days of all certificates. */
export function authority(folder: string, name: string, lifetime = 2): Authority {
  const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  openssl(folder, "req", "-x509", "-days", `${lifetime}`, ...NEW_KEY, ...files, "-subj", `/CN=${name}`);
  return authorityOf(folder, name, lifetime);
}

/** Returns the authority whose certificate and key are in NAME.pem and NAME.key. */
function authorityOf(folder: string, name: string, lifetime: number): Authority {
  const issue = (file: string, subject: string, days: number, extensions: string): Certificate => {
    openssl(folder, "req", ...NEW_KEY, "-keyout", `${file}.key`, "-out", `${file}.csr`, "-subj", subject);
    writeFileSync(join(folder, "extensions"), extensions);
    const ca = ["-CA", `${name}.pem`, "-CAkey", `${name}.key`, "-CAcreateserial"];
    const files = ["-in", `${file}.csr`, "-out", `${file}.pem`, "-extfile", "extensions"];
    openssl(folder, "x509", "-req", "-days", `${days}`, ...files, ...ca);
    const read = (ending: string) => readFileSync(join(folder, `${file}.${ending}`));
    return { cert: read("pem"), key: read("key") };
  };
  return {
    ca: readFileSync(join(folder, `${name}.pem`)),
    sign: (subject, { days = lifetime, names = "IP:127.0.0.1" } = {}) =>
      issue(`${name}-${subject}`, `/CN=${subject}`, days, `subjectAltName=${names}\n`),
    intermediate(below) {
      issue(below, `/CN=${below}`, lifetime, "basicConstraints=critical,CA:TRUE\n");
      return authorityOf(folder, below, lifetime);
    },
  };
}

const openssl = (folder: string, ...args: string[]) =>
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });

/** Replaces a file in one step, as Kubernetes and cert-manager do. */
export function replace(path: string, content: Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
