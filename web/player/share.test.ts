import { describe, expect, test } from "vitest";
import { BadLink, holdsRun, packFragment, unpackFragment } from "./share.js";

const RUN = {
  text: 'scenario "Über “quotes” & ünïcode"\nprotocol raft\nnodes 5\nat 900ms crash leader\n',
  timeUs: 425_000,
  paceUs: 50_000,
  digest: "0123456789abcdef",
  version: "0.1.0",
  way: "00112233445566778899aabbccddeeff",
};

describe("a link", () => {
  test("gives back what was put in", async () => {
    expect(await unpackFragment(await packFragment(RUN))).toEqual(RUN);
  });

  test("survives the addresses' alphabet", async () => {
    expect(await packFragment(RUN)).toMatch(/^[\w=&.-]+$/);
  });

  test("opens although fields are missing or strange", async () => {
    const [packed] = (await packFragment(RUN)).split("&");
    const bare = await unpackFragment(packed ?? "");
    expect(bare).toEqual({
      text: RUN.text,
      timeUs: 0,
      paceUs: 0,
      digest: "",
      version: "",
      way: "",
    });
    const strange = await unpackFragment(`${packed}&t=-5&p=abc&d=xyz&later=1`);
    expect(strange.timeUs).toBe(0);
    expect(strange.digest).toBe("");
  });

  test("says that it is damaged", async () => {
    const fragment = await packFragment(RUN);
    await expect(unpackFragment(`1=${fragment.slice(12)}`)).rejects.toThrow(BadLink);
    await expect(unpackFragment("1=%%%")).rejects.toThrow(/damaged/);
  });

  test("of a later version is not guessed at", async () => {
    await expect(unpackFragment("2=abc")).rejects.toThrow(/newer version/);
  });

  test("that would unpack without end is refused", async () => {
    const bomb = await packFragment({ ...RUN, text: "a".repeat(2_000_000) });
    await expect(unpackFragment(bomb)).rejects.toThrow(BadLink);
  });

  test("is told from the name of a run", () => {
    expect(holdsRun("1=abc")).toBe(true);
    expect(holdsRun("leader-dies")).toBe(false);
  });
});
