import { expect, test } from "vitest";
import { valueOf } from "./script.js";

test("whom a spoken caption was about is read off its template", () => {
  const line = 'when leader again say "{node} leads term {term}. Nothing lost." "Why?"';
  expect(valueOf("node", line, "n3 leads term 2. Nothing lost.")).toBe("n3");
  expect(valueOf("term", line, "n3 leads term 2. Nothing lost.")).toBe("2");
  expect(
    valueOf("node", 'when crash say "It (n1?) is dead: {term}."', "It (n1?) is dead: 4."),
  ).toBe(undefined);
  expect(valueOf("node", line, "Something else.")).toBe(undefined);
  expect(valueOf("node", "at 900ms crash leader", "n3")).toBe(undefined);
});
