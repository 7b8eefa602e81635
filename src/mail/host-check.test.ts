import { describe, expect, test } from "vitest";
import { isPublicAddress, resolveHost } from "./host-check.ts";

describe("a host that is not of the public internet", () => {
  test.each([
    "127.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "2130706433",
    "127.1",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:db8::1",
  ])("is refused as %s", async (host) => {
    expect((await resolveHost(host, { allowPrivateHosts: false })).kind).toBe("private");
  });

  test("is refused by name", async () => {
    expect((await resolveHost("localhost", { allowPrivateHosts: false })).kind).toBe("private");
  });

  test("is found where private hosts are allowed", async () => {
    expect(await resolveHost("0x7f.1", { allowPrivateHosts: true })).toEqual({
      kind: "found",
      addresses: [{ address: "127.0.0.1", family: 4 }],
      servername: "0x7f.1",
    });
  });
});

test("an address of the public internet is connected to without a server name", async () => {
  expect(await resolveHost("8.8.8.8", { allowPrivateHosts: false })).toEqual({
    kind: "found",
    addresses: [{ address: "8.8.8.8", family: 4 }],
    servername: undefined,
  });
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450:4001:81b::2005", "2606:4700::1111"])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(["fe80::1%eth0", "", "example.com"])("%j is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test("a name that does not exist is unknown", async () => {
  expect((await resolveHost("no-such-host.invalid", { allowPrivateHosts: true })).kind).toBe("unknown");
});

test("where a password would go unencrypted, only this machine and private networks are within reach", async () => {
  const reach = { allowPrivateHosts: true, allowPublicHosts: false };
  expect((await resolveHost("127.0.0.1", reach)).kind).toBe("found");
  expect((await resolveHost("10.1.2.3", reach)).kind).toBe("found");
  expect(await resolveHost("8.8.8.8", reach)).toEqual({ kind: "public", address: "8.8.8.8" });
  expect(await resolveHost("8.8.8.8", { allowPrivateHosts: false, allowPublicHosts: false })).toMatchObject({ kind: "public" });
  expect(await resolveHost("127.0.0.1", { allowPrivateHosts: false, allowPublicHosts: false })).toMatchObject({ kind: "private" });
});
