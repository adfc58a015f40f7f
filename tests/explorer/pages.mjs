// Every page, in both languages, wide and narrow, light and dark.
import { join } from "node:path";

import { go, overflow, SIZES, tab, violations } from "./browser.mjs";

/** The looks, and which of them make a picture: an English one for the README, and one of everything else at once. */
const LOOKS = [
    { size: "wide", theme: "light" },
    { size: "wide", theme: "dark" },
    { size: "narrow", theme: "dark" },
    { size: "narrow", theme: "light" },
];

export async function everyPage(report, browser, explorer, settings, places, screenshots) {
    for (const language of ["en", "ru"]) {
        for (const [name, hash] of Object.entries(places)) {
            await report.check(`${name} (${language}) ${hash}`, () =>
                look(browser, explorer, { ...settings, language }, name, hash, screenshots),
            );
        }
    }
}

async function look(browser, explorer, settings, name, hash, screenshots) {
    const { page, wrong, close } = await tab(browser, { settings });
    const findings = [];
    try {
        await go(page, explorer, hash);
        findings.push(...(await contents(page, settings.language)));
        for (const { size, theme } of LOOKS) {
            await page.setViewportSize(SIZES[size]);
            await page.emulateMedia({ colorScheme: theme });
            await page.waitForTimeout(150);
            const found = [...(await violations(page)), await overflow(page)].filter((finding) => finding !== null);
            findings.push(...found.map((finding) => `${size}, ${theme}: ${finding}`));
            const pictured = settings.language === "en" ? theme === "light" : size === "narrow" && theme === "dark";
            if (screenshots !== undefined && pictured) {
                const file = `${name}-${settings.language}-${size}-${theme}.png`;
                await page.screenshot({ path: join(screenshots, file), fullPage: true });
            }
        }
        return [...findings, ...wrong];
    } finally {
        await close();
    }
}

/** What every page has, and what none has over a network that works. */
async function contents(page, language) {
    const found = await page.evaluate(() => ({
        headings: document.querySelectorAll("h1").length,
        language: document.documentElement.lang,
        title: document.title,
        troubles: [...document.querySelectorAll("main [role=alert]")]
            .map((alert) => alert.innerText.trim())
            .filter((text) => text !== ""),
        policy: document.querySelector("meta[http-equiv=content-security-policy]")?.getAttribute("content") ?? "",
        mains: document.querySelectorAll("main").length,
        broken: /\bundefined\b|\bNaN\b|\[object /.exec(document.querySelector("main")?.innerText ?? "")?.[0],
    }));
    const findings = [];
    if (found.headings !== 1) findings.push(`it has ${found.headings} first headings`);
    if (found.mains !== 1) findings.push(`it has ${found.mains} main parts`);
    if (found.language !== language) findings.push(`its language is ${found.language}`);
    if (!found.title.includes("·")) findings.push(`its title is “${found.title}”`);
    if (!found.policy.includes("default-src 'none'")) findings.push("it has no strict policy");
    if (found.broken !== undefined) findings.push(`it says “${found.broken}”`);
    findings.push(...found.troubles.map((trouble) => `it says: ${trouble}`));
    return findings;
}
