import type { CodeList } from "@citynet/ledger";

/**
 * The codes that every ledger begins with, by number: purposes in the words of the Data Privacy Vocabulary, and legal bases.
 * The council can add further ones, which `codes.svelte.ts` asks for.
 */
export const CODES: Readonly<Record<CodeList, Readonly<Record<number, string>>>> = {
    purpose: {
        1: "dpv:ResearchAndDevelopment",
        2: "dpv:AcademicResearch",
        3: "dpv:ScientificResearch",
        4: "dpv:ProvideOfficialStatistics",
        5: "dpv:PublicPolicyMaking",
        6: "dpv:ImprovePublicServices",
        7: "dpv:ImproveTransportMobility",
        8: "dpv:ImproveHealthcare",
        9: "dpv:CombatClimateChange",
        10: "dpv:PublicBenefit",
        11: "dpv:ServiceProvision",
        12: "dpv:ServiceOptimisation",
        13: "dpv:LegalCompliance",
        14: "dpv:EnforceSecurity",
        15: "dpv:Verification",
    },
    legal_basis: {
        1: "A6-1-a",
        2: "A6-1-b",
        3: "A6-1-c",
        4: "A6-1-d",
        5: "A6-1-e",
        6: "A6-1-f",
        101: "ru152-6-1-1",
        102: "ru152-6-1-2",
        103: "ru152-6-1-3",
        104: "ru152-6-1-4",
        105: "ru152-6-1-5",
        106: "ru152-6-1-6",
        107: "ru152-6-1-7",
        108: "ru152-6-1-8",
        109: "ru152-6-1-9",
        111: "ru152-6-1-11",
    },
};
