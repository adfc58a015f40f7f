import { english } from "../plural";

const { count, number } = english;

const en = {
    loading: "Loading…",
    nothing: "Nothing here.",
    retry: "Try again",
    again: "Start over at the newest state",
    toSettings: "Settings",
    details: "What the node said",
    stale: "This is what was true before. It cannot be asked for anew at the moment:",
    failures: {
        unreachable: {
            title: "The node does not answer",
            advice: "Look whether it runs and whether this computer reaches it. The explorer tries again by itself; another node can be chosen in the settings.",
        },
        unknown_method: {
            title: "The node does not know this question",
            advice: "It may be an older version, or no node of this ledger. Ask another node.",
        },
        foreign: {
            title: "The node is of another chain",
            advice: "Its genesis hash is not the pinned one. Nothing that it says is shown. Choose another node, or pin another genesis hash, in the settings.",
        },
        broken: {
            title: "The explorer could not use the answer",
            advice: "Load the page again. If it stays, the explorer and the node may be of different versions.",
        },
        not_synced: {
            title: "The node is not synchronised yet",
            advice: "It still fetches blocks or fills its index. What it would say is not the newest state, so it says nothing. The page goes on by itself when it has caught up.",
        },
        no_index: {
            title: "The node runs without an index",
            advice: "Only a node that was started with --index can answer this. Choose another one in the settings.",
        },
        not_final_yet: {
            title: "It is not final yet",
            advice: "The page asks again at the next block.",
        },
        not_found: {
            title: "There is no such thing",
            advice: "At the finalised block nothing has this number or name. Look whether it is written as it should be.",
        },
        pruned: {
            title: "The node has thrown it away",
            advice: "It once had this. An archive node still has it: choose one in the settings.",
        },
        cursor_expired: {
            title: "The list has to be begun anew",
            advice: "The block that it was true for is not known to the node any more.",
        },
        limit_exceeded: {
            title: "The node is asked for too much at once",
            advice: "Ask for less, or wait a moment.",
        },
        too_expensive: {
            title: "The answer would cost the node too much",
            advice: "Narrow the question: a shorter time, one kind, one subject.",
        },
        invalid_params: {
            title: "The question makes no sense to the node",
            advice: "Look whether what was filled in is written as it should be.",
        },
        internal: {
            title: "The node failed",
            advice: "Its log says why. Try again, or ask another node.",
        },
    },
    progress: (indexed: string, finalized: string) => `Indexed up to block ${indexed} of ${finalized}.`,
    copy: "Copy",
    copied: "Copied",
    copyFailed: "The browser did not let it be copied",
    genesisTime: "in the genesis block",
    endless: "without end",
    smallestUnits: (amount: string, currency: number) => `${number(amount)} smallest units of currency ${currency}`,
    consortium: "the consortium",
    actions: "Actions",
    rows: (rows: number) => count(rows, { one: "row", other: "rows" }),
    asTable: "As a table",
    graph: {
        zoomIn: "Zoom in",
        zoomOut: "Zoom out",
        whole: "Show all",
        kind: "graph",
        keys: "Arrow keys follow edges and go up and down a column, with Shift they move the view; plus and minus zoom, 0 shows all, Enter selects. With the mouse: drag, and Ctrl with the wheel.",
        at: (title: string, from: number, to: number) => `${title}. Edges in: ${number(from)}, out: ${number(to)}.`,
        cyclic: (edges: number) => `${count(edges, { one: "edge leads", other: "edges lead" })} back and cannot be drawn: this is no history that can be.`,
    },
    pager: {
        all: (items: number) => `All ${count(items, { one: "entry", other: "entries" })}.`,
        some: (items: number, total: string) => `First ${number(items)} of ${number(total)}.`,
        first: (items: number) => `First ${number(items)}; there are more.`,
        cut: (items: number) => `First ${number(items)}. There are more, which the node does not list: narrow the question.`,
        asOf: (block: number) => `As of block ${number(block)}.`,
        more: "Show more",
        busy: "More are coming…",
        reload: "Newest state",
    },
    filters: {
        apply: "Apply",
        clear: "Clear",
        any: "any",
        legend: "Filter",
        badTime: "Write a time as 2026-01-31 or 2026-01-31T12:00.",
        badNumber: "Write a whole number.",
    },
    download: {
        busy: "Preparing…",
        failed: "It could not be made:",
    },
    subjects: {
        organisation: "Organisation",
        dataset: "Dataset",
        version: "Version",
        device: "Device",
        grant: "Grant",
        cycle: "Cycle",
        currency: "Currency",
        obligation: "Obligation",
        withdrawal: "Withdrawal",
        motion: "Motion",
        payment: "Payment",
        account: "Account",
        peer: "Node",
        hash: "Hash",
        record: "Record",
        block: "Block",
        extrinsic: "Extrinsic",
        batch: "Batch",
    },
};

export default en;
