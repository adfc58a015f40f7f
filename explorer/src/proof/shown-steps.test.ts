import { expect, test } from "vitest";

import { shownSteps } from "./shown-steps";

test("what was not reached is known from the document", () => {
    const document = '{"format":"citynet.evidence/1","reading":{"leaf":{}}}';
    const passed = [
        { step: "format" as const, found: "canonical" },
        { step: "genesis" as const, found: "the same hash" },
    ];
    const steps = shownSteps({ ok: false, passed, failed: { step: "batch", reason: "another root" } }, document);
    expect(steps.map(({ step, state }) => `${step}: ${state}`)).toEqual([
        "format: passed",
        "reading: open",
        "batch: failed",
        "device signature: open",
        "inclusion: open",
        "tree head: open",
        "finality: open",
        "authorities: open",
        "genesis: passed",
    ]);
    expect(steps[2]?.detail).toBe("another root");
});

test("each kind of document has its steps, and something unreadable the few that all have", () => {
    const names = (document: string) =>
        shownSteps({ ok: false, passed: [], failed: { step: "format", reason: "" } }, document).map(({ step }) => step);
    const ends = ["finality", "authorities", "genesis"];
    expect(names('{"format":"citynet.list/1"}')).toEqual(["format", "records", "subject head", ...ends]);
    expect(names('{"format":"citynet.dossier/2"}')).toEqual(["format", "question", "records", "subject head", ...ends]);
    expect(names("nonsense")).toEqual(["format", ...ends]);
});

test("where the verifier failed or the document is about something else, that is said beside the steps", () => {
    const verifier = shownSteps({ ok: false, passed: [], failed: { step: "verifier", reason: "404" } }, "");
    expect(verifier[0]).toEqual({ step: "verifier", state: "failed", detail: "404" });
    expect(verifier.slice(1).every(({ state }) => state === "open")).toBe(true);
    const passed = [{ step: "format" as const, found: "" }];
    const asked = shownSteps({ ok: false, passed, failed: { step: "asked", reason: "record 5" } }, "");
    expect(asked.at(-1)).toEqual({ step: "asked", state: "failed", detail: "record 5" });
});
