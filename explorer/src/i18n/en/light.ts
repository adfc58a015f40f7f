import { english } from "../plural";

const { count, number } = english;

const BLOCKS = { one: "block", other: "blocks" };

const en = {
    title: "Light client",
    lead: "Learns from other nodes, rather than from the node you ask, which block is final, and checks the validators' signatures itself, from genesis on. Evidence is verified without it, too.",
    open: "Set it up",
    notLoaded: "It cannot be loaded:",
    specification: {
        label: "Raw chain specification",
        hint: "Take it from somebody you trust, and not from the node you ask.",
        choose: "Choose a specification",
        none: "None was chosen yet.",
        chosen: (file: string) => `Chosen: ${file}`,
        reading: "It is read…",
        genesis: "Its genesis hash",
        bad: (file: string) => `${file} is no raw chain specification:`,
        refused: "Refused: this specification is of another chain than the one that you trust. That one's genesis hash is:",
    },
    addresses: {
        label: "Addresses of nodes (where the specification's do not suffice)",
        hint: "One a line, such as /ip4/127.0.0.1/tcp/30334/ws/p2p/12D3KooW… A browser can reach no other addresses than WebSockets (ws, wss). The node has to let in who is not of the consortium: it runs with --network-gate off.",
        specified: (usable: number, all: number) =>
            `The specification names ${count(all, { one: "address", other: "addresses" })}, of which a browser can reach ${number(usable)}.`,
        none: "There is no address yet at which a browser could reach a node.",
        faults: {
            form: "this is no node's address",
            transport: "a browser cannot reach this one: it ends in no ws, or wss with a host's name",
            peer: "it does not say which node is there: /p2p/ and the node's id are missing",
            insecure: "a page that came over https may use wss only, but for this computer",
        },
    },
    privacy:
        "The nodes that it connects to learn your network address and that you follow this chain, and not what you look at. It runs until you stop it or leave this page.",
    start: "Start",
    stop: "Stop",
    state: {
        label: "State",
        starting: "It is loaded and started…",
        connecting: "It looks for nodes…",
        connectingAdvice:
            "If this takes longer than a minute: does a node listen at the address for WebSockets, and is its network gate open?",
        syncing: "It is connected, and comes to the head of the chain…",
        following: "It follows the chain.",
        failed: "It came to an end:",
    },
    peers: "Nodes it is connected to",
    light: "Final, says the light client",
    node: "Final, says the node you ask",
    unknown: "not known yet",
    noNode: "there is no connection to the node",
    block: (block: number) => `block ${number(block)}`,
    comparison: {
        label: "Compared",
        waiting: "As soon as both are known.",
        equal: "Both are at the same number.",
        ahead: (blocks: number) => `The node is ${count(blocks, BLOCKS)} ahead.`,
        behind: (blocks: number) => `The node is ${count(blocks, BLOCKS)} behind.`,
        farAhead: "Either the light client is not there yet, or its nodes keep newer blocks from it.",
        farBehind: "Either the node is not there yet, or it keeps newer blocks from you.",
        same: (block: number) => `Both have the same block ${number(block)}.`,
        notKnown: (block: number) =>
            `The light client does not know which block ${number(block)} is, so the hashes could not be compared.`,
        notGiven: (block: number) => `The node gives no hash of block ${number(block)}, although it calls it final.`,
        notAsked: "The node did not answer for the hash:",
        differs: (block: number) =>
            `Different blocks of number ${number(block)} are called final. Either the node you ask lies or is on another chain, or the validators have signed two chains. Do not trust what it shows until you know which.`,
        lightHash: "The light client's",
        nodeHash: "The node's",
        foreign: "The node you ask says that it is of another chain. Nothing can be compared.",
    },
    evidence: {
        label: "The verified evidence",
        same: (block: number) => `The light client has the very block of the evidence as final: ${number(block)}, with the same hash.`,
        below: (block: number) =>
            `Its block ${number(block)} is below the light client's finalised head. The light client does not have that block itself, so it was not compared.`,
        above: (block: number) => `Its block ${number(block)} is above the light client's finalised head: nothing can be said of it yet.`,
        differs: (block: number) =>
            `The light client has ANOTHER block ${number(block)} as final than the evidence. Two chains have grown from this genesis, each with the signatures of its validators. Trust neither until you know which is right.`,
        foreign: "It is of another chain than the light client.",
    },
    shows: {
        title: "What this shows, and what it does not",
        signatures:
            "A block is final here when more than two thirds of the validators signed it, each set of which was named by the one before, back to genesis. Evidence rests on the same. Validators who lie together deceive both.",
        newest: "The nodes that it is connected to can forge no final block. They can keep newer ones from it.",
        state: "It compares blocks, and does not look into them. What is in the ledger, evidence proves.",
    },
};

export default en;
