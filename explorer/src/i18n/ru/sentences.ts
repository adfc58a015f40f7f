import type { DeviceProfile, Parameter, Source, Terms, Usage, UsageLimit } from "@citynet/ledger";

import { codeName, nameOf } from "../../words/names";
import { type Author, joined, type Part, type Piece, say } from "../../words/parts";
import type { Sentences } from "../en/sentences";
import { russian } from "../plural";

const { count, number, word } = russian;

/** Cases, by the question that they answer: кто, кого, кому, кем. */
type Case = "who" | "whose" | "whom" | "by";

const ORGANISATION: Readonly<Record<Case, string>> = {
    who: "организация",
    whose: "организации",
    whom: "организации",
    by: "организацией",
};
const CONSORTIUM: Readonly<Record<Case, string>> = {
    who: "консорциум",
    whose: "консорциума",
    whom: "консорциуму",
    by: "консорциумом",
};

/** An organisation by its name, which stays as it is, behind a word that has the case. */
const organisation = (id: number, as: Case): Piece =>
    id === 0 ? CONSORTIUM[as] : [ORGANISATION[as], " ", { organisation: id }];

/** Who acted, and what it did: `зарегистрировал` with the ending that fits. */
const did = ({ organisation: id }: Author, verb: string): Piece => [
    organisation(id, "who"),
    " ",
    verb,
    id === 0 ? null : "а",
];

/** Verbs of which the two forms differ by more than an ending. */
const gave = ({ organisation: id }: Author, masculine: string, feminine: string): Piece => [
    organisation(id, "who"),
    " ",
    id === 0 ? masculine : feminine,
];

const device = (id: string, form = "устройство"): Part => ({ subject: `device:${id}`, label: `${form}\u00a0${id}` });
const dataset = (id: string, form: "набор данных" | "набора данных" | "набору данных"): Part => ({
    subject: `dataset:${id}`,
    label: `${form}\u00a0${id}`,
});
const version = (of: string, its: number, form: "версия" | "версию" | "версии"): Part => ({
    subject: `version:${of}@${its}`,
    label: `${form}\u00a0${its}`,
});
const grant = (id: string, form: "разрешение" | "разрешения" | "разрешению"): Part => ({
    subject: `grant:${id}`,
    label: `${form}\u00a0${id}`,
});
const obligation = (id: string, form: "обязательство" | "обязательства" | "обязательству" | "обязательством"): Part => ({
    subject: `obligation:${id}`,
    label: `${form}\u00a0${id}`,
});
const withdrawal = (id: string, form: "вывод средств" | "вывода средств" | "выводу средств"): Part => ({
    subject: `withdrawal:${id}`,
    label: `${form}\u00a0${id}`,
});
const motion = (id: number, form: "предложение" | "предложения" | "предложению"): Part => ({
    subject: `motion:${id}`,
    label: `${form}\u00a0${id}`,
});
const cycle = (id: { currency: number; number: number }, form: "цикл" | "цикла"): Piece => [
    { subject: `cycle:${id.currency}-${id.number}`, label: `${form} неттинга\u00a0${id.number}` },
    " в ",
    { currency: id.currency },
];
const block = (height: number, form: "блок" | "блока" | "блоке"): Part => ({
    subject: `block:${height}`,
    label: `${form}\u00a0${number(height)}`,
});
const account = (id: string): Part => ({ id: `account:${id}` });
const time = (moment: string): Part => ({ time: moment });
const quote = (text: string): Part => ({ quote: text });

const all = (pieces: readonly Piece[]): Piece => joined(pieces, ", ", " и ");
const names = (list: Parameters<typeof nameOf>[0], values: readonly (string | number)[]): Piece =>
    all(values.map((value) => nameOf(list, value, "ru")));

/** Why, where somebody said so. */
const because = (reason: string): Piece => (reason === "" ? null : [": ", quote(reason)]);

/** Whose something is, seen from the one that acted: nothing of its own, or ` организации «Телеком»`. */
const whose = (author: Author, owner: number): Piece =>
    author.organisation === owner ? null : [" ", organisation(owner, "whose")];

const withRoles = (roles: readonly string[]): Piece =>
    roles.length === 0 ? "без ролей" : [roles.length === 1 ? "роль: " : "роли: ", names("roles", roles)];

const ACCESSES = { one: "обращение", few: "обращения", many: "обращений" };
const RECORDS = { one: "запись", few: "записи", many: "записей" };
const BYTES = { one: "байт", few: "байта", many: "байт" };
const READINGS = { one: "показание", few: "показания", many: "показаний" };

const usage = ({ accesses, records, bytes }: Usage): string =>
    [count(accesses, ACCESSES), count(records, RECORDS), count(bytes, BYTES)].join(", ");

const limit = ({ accesses, records, bytes }: UsageLimit): Piece => {
    const of = { accesses: ["обращения", "обращений"], records: ["записи", "записей"], bytes: ["байта", "байт"] };
    const most = (limited: string | null, [one, many]: string[]) =>
        limited === null ? null : `${number(limited)} ${word(limited, { one: one ?? "", few: many ?? "", many: many ?? "" })}`;
    const limits = [most(accesses, of.accesses), most(records, of.records), most(bytes, of.bytes)].filter(
        (each) => each !== null,
    );
    return limits.length === 0 ? null : [", не более ", all(limits)];
};

/** What terms allow: the part of a sentence after `разрешение 5`. */
const allows = (terms: Terms): Piece => [
    " на ",
    dataset(terms.dataset, "набор данных"),
    ": ",
    names("uses", terms.actions),
    terms.purposes.length === 1 ? " (цель: " : " (цели: ",
    all(terms.purposes.map((code) => codeName("purpose", code, "ru"))),
    terms.legalBasis === null ? null : ["; правовое основание: ", codeName("legal_basis", terms.legalBasis, "ru")],
    "), с ",
    time(terms.notBefore),
    " до ",
    time(terms.notAfter),
    limit(terms.limit),
];

const insteadOf = (other: string | null): Piece => (other === null ? null : [", взамен ", grant(other, "разрешения")]);

const place = ({ location }: DeviceProfile): Piece =>
    "text" in location
        ? [", место: ", quote(location.text)]
        : [", ячейка геохеша ", { hash: location.geohash }];

const right = (of: string | null): Piece => (of === null ? null : [" (на основании ", grant(of, "разрешения"), ")"]);

/** What a version was made from, in the genitive. */
const source = (from: Source): Piece => {
    switch (from.source) {
        case "version":
            return [
                version(from.dataset, from.version, "версии"),
                " ",
                dataset(from.dataset, "набора данных"),
                right(from.grant),
            ];
        case "batches":
            return [
                `показаний ${from.firstSequence}–${from.lastSequence} `,
                device(from.device, "устройства"),
                right(from.grant),
            ];
        case "external":
            return from.uri === "" ? "источника вне реестра" : ["источника ", quote(from.uri)];
    }
};

/** How many things are named one by one in a sentence. */
const MOST_NAMED = 5;

const several = <T>(things: readonly T[], name: (thing: T) => Piece): Piece =>
    things.length <= MOST_NAMED
        ? all(things.map(name))
        : all([...things.slice(0, MOST_NAMED).map(name), `ещё ${number(things.length - MOST_NAMED)}`]);

const set = (parameter: Parameter): Piece =>
    parameter.parameter === "quota"
        ? [
              "квота вычислений (",
              nameOf("organisationKinds", parameter.kind, "ru"),
              ") — ",
              `${number(parameter.quota.rate)} мкс за блок и запас ${number(parameter.quota.burst)} мкс`,
          ]
        : [nameOf("parameters", parameter.parameter, "ru"), ` — ${number(parameter.value)}`];

const sentences: Sentences = {
    organisation_registered: (body) =>
        say`Организация ${{ organisation: body.organisation, name: body.name }} вступила в консорциум как ${nameOf("organisationKinds", body.organisationKind, "ru")}.`,
    account_added: (body, author) =>
        say`${did(author, "добавил")} ${author.organisation === body.organisation ? "свою " : null}учётную запись ${account(body.account)}${whose(author, body.organisation)}, ${withRoles(body.roles)}.`,
    account_roles_changed: (body, author) =>
        say`${did(author, "изменил")} роли ${author.organisation === body.organisation ? "своей " : null}учётной записи ${account(body.account)}${whose(author, body.organisation)}: ${body.roles.length === 0 ? "теперь ролей нет" : names("roles", body.roles)}.`,
    account_removed: (body, author) =>
        say`${did(author, "удалил")} ${author.organisation === body.organisation ? "свою " : null}учётную запись ${account(body.account)}${whose(author, body.organisation)}.`,
    organisation_profile_changed: (body) =>
        say`${organisation(body.organisation, "who")} теперь называется ${quote(body.profile.name)}${body.profile.contact === "" ? null : [", адрес для связи: ", quote(body.profile.contact)]}.`,
    organisation_status_changed: (body, author) => {
        switch (body.status) {
            case "left":
                return say`${organisation(body.organisation, "who")} вышла из консорциума${because(body.reason)}.`;
            case "suspended":
                return say`${did(author, "приостановил")} членство ${organisation(body.organisation, "whose")}${because(body.reason)}.`;
            case "expelled":
                return say`Решение ${organisation(author.organisation, "whose")}: ${organisation(body.organisation, "who")} исключена${because(body.reason)}.`;
            case "active":
                return say`${did(author, "восстановил")} членство ${organisation(body.organisation, "whose")}${because(body.reason)}.`;
        }
    },
    organisation_kind_changed: (body) =>
        say`${organisation(body.organisation, "who")} теперь относится к виду ${quote(nameOf("organisationKinds", body.organisationKind, "ru"))}${because(body.reason)}.`,
    recovery_started: (body, author) =>
        say`${did(author, "решил")} дать ${organisation(body.organisation, "whom")} другого администратора, ${account(body.account)}, если она не возразит до ${block(body.matures, "блока")}${because(body.reason)}.`,
    recovery_objected: (body) =>
        say`Восстановление доступа ${organisation(body.organisation, "whose")} отменено: ${account(body.account)} не станет её администратором${because(body.reason)}.`,
    recovery_completed: (body) =>
        say`Никто не возразил: ${account(body.account)} теперь администратор ${organisation(body.organisation, "whose")}.`,
    validator_registered: (body) =>
        say`${organisation(body.organisation, "who")} зарегистрировала валидатор ${account(body.account)}.`,
    validator_keys_changed: (body) =>
        say`${organisation(body.organisation, "who")} сменила сеансовые ключи своего валидатора ${account(body.account)}.`,
    validator_withdrawn: (body, author) =>
        say`${gave(author, "вывел", "вывела")} из состава валидатор ${account(body.account)}${whose(author, body.organisation)}${because(body.reason)}.`,
    validator_suspended: (body) =>
        say`Валидатор ${account(body.account)} ${organisation(body.organisation, "whose")} приостановлен: в сеансе ${number(body.session)} он подписал два противоречащих сообщения.`,
    validator_reinstated: (body, author) =>
        say`${gave(author, "вернул", "вернула")} в состав валидатор ${account(body.account)}${whose(author, body.organisation)}${because(body.reason)}.`,
    validator_silent: (body) =>
        say`Валидатор ${account(body.account)} ${organisation(body.organisation, "whose")} замолчал; всего он пропустил ${count(body.skipped, { one: "слот", few: "слота", many: "слотов" })}.`,
    device_registered: (body, author) =>
        say`${did(author, "зарегистрировал")} ${device(body.device)}, ${quote(body.profile.model)}${place(body.profile)}${author.organisation === body.owner ? null : [", владелец: ", organisation(body.owner, "who")]}.`,
    device_key_rotated: (body, author) =>
        say`${did(author, "сменил")} ключ ${device(body.device, "устройства")} (эпоха ${body.epoch}); подписанное прежним ключом принимается до ${time(body.previousValidUntil)}.`,
    device_suspended: (body, author) =>
        say`${did(author, "приостановил")} ${device(body.device)}${because(body.reason)}.`,
    device_resumed: (body, author) =>
        say`${did(author, "возобновил")} работу ${device(body.device, "устройства")}${because(body.reason)}.`,
    device_retired: (body, author) =>
        say`${gave(author, "вывел", "вывела")} из эксплуатации ${device(body.device)}${because(body.reason)}.`,
    device_distrusted: (body, author) =>
        say`${did(author, "объявил")} не заслуживающим доверия всё, что наблюдало ${device(body.device)} с ${time(body.since)}${because(body.reason)}.`,
    batch_attested: ({ batch }) => {
        const last = BigInt(batch.firstSequence) + BigInt(batch.count) - 1n;
        const readings = { subject: `batch:${batch.device}/${batch.firstSequence}`, label: count(batch.count, READINGS) };
        const numbers = batch.count === 1 ? `номер ${batch.firstSequence}` : `номера ${batch.firstSequence}–${last}`;
        const missing =
            batch.missing === "0"
                ? null
                : `; объявлено пропущенных перед ними: ${number(batch.missing)}`;
        return say`${device(batch.device)} аттестовало ${readings} (${numbers}) за время с ${time(batch.windowStart)} по ${time(batch.windowEnd)}${missing}.`;
    },
    dataset_registered: (body) =>
        say`${organisation(body.owner, "who")} зарегистрировала ${dataset(body.dataset, "набор данных")}, ${quote(body.profile.title)} (${nameOf("datasetKinds", body.datasetKind, "ru")}, ${nameOf("sensitivities", body.profile.sensitivity, "ru")}).`,
    dataset_changed: (body, author) =>
        say`${did(author, "изменил")} описание ${dataset(body.dataset, "набора данных")}, ${quote(body.profile.title)} (${nameOf("sensitivities", body.profile.sensitivity, "ru")}).`,
    dataset_devices_changed: (body, author) => {
        const changes = [
            body.added.length === 0 ? null : ["добавлено: ", several(body.added, (id) => device(id))],
            body.removed.length === 0 ? null : ["исключено: ", several(body.removed, (id) => device(id))],
        ].filter((each) => each !== null);
        return say`${did(author, "изменил")} состав устройств ${dataset(body.dataset, "набора данных")}: ${joined(changes, "; ", "; ")}.`;
    },
    dataset_offered: (body, author) =>
        body.to === null
            ? say`${did(author, "отозвал")} предложение передать ${dataset(body.dataset, "набор данных")}.`
            : say`${did(author, "предложил")} передать ${dataset(body.dataset, "набор данных")} ${organisation(body.to, "whom")}.`,
    dataset_transferred: (body) =>
        say`${organisation(body.to, "who")} приняла ${dataset(body.dataset, "набор данных")} от ${organisation(body.from, "whose")}.`,
    version_published: (body, author) => {
        const { content } = body;
        const made = content.sources.length === 0 ? null : ["; создана из ", several(content.sources, source)];
        return say`${did(author, "опубликовал")} ${version(body.dataset, body.version, "версию")} ${dataset(body.dataset, "набора данных")} (${nameOf("activities", content.activity, "ru")}, ${count(content.records, RECORDS)})${made}.`;
    },
    version_flagged: (body, author) =>
        say`${did(author, "пометил")} как ошибочную с ${time(body.since)} ${version(body.dataset, body.version, "версию")} ${dataset(body.dataset, "набора данных")}${because(body.reason)}.`,
    peer_added: (body, author) =>
        say`${did(author, "добавил")} в сеть узел ${{ id: `peer:${body.peer}` }}${whose(author, body.organisation)} (${nameOf("peerPurposes", body.purpose, "ru")}).`,
    peer_removed: (body, author) =>
        say`${did(author, "удалил")} из сети узел ${{ id: `peer:${body.peer}` }}${whose(author, body.organisation)}.`,
    motion_proposed: (body, author) =>
        say`${gave(author, "внёс", "внесла")} на голосование ${motion(body.number, "предложение")}; для принятия ${word(body.threshold, { one: "нужен", few: "нужны", many: "нужно" })} ${count(body.threshold, { one: "голос", few: "голоса", many: "голосов" })}${because(body.reason)}.`,
    motion_voted: (body, author) =>
        say`${did(author, "проголосовал")} ${body.approve ? "за" : "против"} ${motion(body.number, body.approve ? "предложение" : "предложения")}${because(body.reason)}.`,
    motion_closed: (body) =>
        say`${motion(body.number, "предложение")} ${body.approved ? "принято" : "отклонено"}: за — ${number(body.yes)} из ${count(body.seats, { one: "голоса", few: "голосов", many: "голосов" })}.`,
    parameter_changed: (body, author) =>
        say`${did(author, "изменил")} параметр: ${set(body.parameter)}.`,
    upgrade_scheduled: (body) =>
        say`В ${block(body.block, "блоке")} среда исполнения будет заменена кодом с хешем ${{ hash: body.code }}.`,
    grant_requested: (body) =>
        say`${organisation(body.terms.consumer, "who")} запросила у ${organisation(body.terms.provider, "whose")} ${grant(body.grant, "разрешение")}${allows(body.terms)}${insteadOf(body.supersedes)}.`,
    grant_offered: (body) =>
        say`${organisation(body.terms.provider, "who")} предложила ${organisation(body.terms.consumer, "whom")} ${grant(body.grant, "разрешение")}${allows(body.terms)}${body.binding ? "; предложение обязывающее" : null}${body.parent === null ? null : ["; передача прав по ", grant(body.parent, "разрешению")]}${insteadOf(body.supersedes)}.`,
    grant_advanced: (body, author, others) => {
        switch (body.state) {
            case "accepted":
                return say`${did(author, "принял")} предложение ${grant(body.grant, "разрешения")}.`;
            case "agreed":
                return say`${did(author, "согласовал")} условия ${grant(body.grant, "разрешения")}.`;
            case "verified":
                return say`${did(author, "подтвердил")} соглашение о выдаче ${grant(body.grant, "разрешения")}.`;
            case "active": {
                const [other] = others;
                return others.length === 1 && other !== undefined
                    ? say`${grant(body.grant, "разрешение")} вступило в силу: стороны — ${organisation(author.organisation, "who")} и ${organisation(other, "who")}.`
                    : say`${grant(body.grant, "разрешение")} вступило в силу; ${did(author, "сделал")} последний шаг.`;
            }
            default:
                return say`${gave(author, "перевёл", "перевела")} ${grant(body.grant, "разрешение")} в состояние ${quote(nameOf("grantStates", body.state, "ru"))}.`;
        }
    },
    grant_state_changed: (body, author) => {
        const reason = body.reason === "other" ? null : [" (причина: ", nameOf("reasons", body.reason, "ru"), ")"];
        const why = [reason, because(body.note)];
        switch (body.state) {
            case "terminated":
                return say`${did(author, "прекратил")} согласование ${grant(body.grant, "разрешения")}${why}.`;
            case "suspended":
                return say`${did(author, "приостановил")} ${grant(body.grant, "разрешение")}${why}.`;
            case "active":
                return say`${did(author, "возобновил")} ${grant(body.grant, "разрешение")}${why}.`;
            case "revoked":
                return say`${did(author, "отозвал")} ${grant(body.grant, "разрешение")}${why}.`;
            case "completed":
                return body.reason === "superseded"
                    ? say`${grant(body.grant, "разрешение")} завершено${why}.`
                    : say`${gave(author, "отказался", "отказалась")} от ${grant(body.grant, "разрешения")}${why}.`;
            default:
                return say`${gave(author, "перевёл", "перевела")} ${grant(body.grant, "разрешение")} в состояние ${quote(nameOf("grantStates", body.state, "ru"))}${why}.`;
        }
    },
    access_reported: ({ grant: of, report }, author) => {
        const refused = report.refused.reduce((sum, { count: times }) => sum + BigInt(times), 0n);
        return say`${gave(author, "отчитался", "отчиталась")} об использовании ${grant(of, "разрешения")} с ${time(report.from)} до ${time(report.to)}: ${count(report.receipts, { one: "квитанция", few: "квитанции", many: "квитанций" })}, в том числе ${count(refused, { one: "отказ", few: "отказа", many: "отказов" })}; с начала — ${usage(report.usage)}.`;
    },
    access_contested: (body, author) =>
        say`${did(author, "возразил")} против отчёта ${body.counter} по ${grant(body.grant, "разрешению")}${because(body.reason)}.`,
    refusals_reported: ({ dataset: of, report }, author) => {
        const times = report.strangers.reduce((sum, stranger) => sum + BigInt(stranger.count), 0n);
        return say`${did(author, "сообщил")} о попытках доступа без разрешения к ${dataset(of, "набору данных")} с ${time(report.from)} до ${time(report.to)}: ${number(times)}.`;
    },
    code_added: (body, author) =>
        say`${did(author, "добавил")} код ${quote(body.name)} с номером ${body.code} в список «${nameOf("codeLists", body.list, "ru")}».`,
    currency_created: (body, author) =>
        say`${did(author, "создал")} валюту ${{ subject: `currency:${body.currency}`, label: body.info.symbol }}; её агент — ${organisation(body.info.agent, "who")}.`,
    deposited: (body, author) =>
        say`${did(author, "зачислил")} ${organisation(body.organisation, "whom")} ${{ amount: body.amount, currency: body.currency }} за взнос в банке.`,
    withdrawal_requested: ({ info, withdrawal: id }) =>
        say`${organisation(info.organisation, "who")} запросила выплату ${{ amount: info.amount, currency: info.currency }} (${withdrawal(id, "вывод средств")}).`,
    withdrawal_paid: (body, author) =>
        say`${did(author, "исполнил")} через банк ${withdrawal(body.withdrawal, "вывод средств")}.`,
    withdrawal_returned: (body, author) =>
        say`${did(author, "отклонил")} ${withdrawal(body.withdrawal, "вывод средств")}, деньги снова доступны${because(body.reason)}.`,
    price_held: (body, author) =>
        say`${did(author, "заблокировал")} цену ${grant(body.grant, "разрешения")}: ${{ amount: body.amount, currency: body.currency }}.`,
    price_released: (body) => say`Заблокированная цена ${grant(body.grant, "разрешения")} снова доступна.`,
    price_paid: (body) =>
        say`Цена ${grant(body.grant, "разрешения")} уплачена ${organisation(body.creditor, "whom")}: ${{ amount: body.amount, currency: body.currency }}.`,
    usage_stated: (body, author) =>
        say`${did(author, "заявил")} об использовании ${grant(body.grant, "разрешения")} (заявление ${body.statement}): ${usage(body.usage)}.`,
    usage_disputed: (body, author) =>
        say`${did(author, "оспорил")} заявление ${body.statement} по ${grant(body.grant, "разрешению")}; по подсчёту потребителя — ${usage(body.usage)}${because(body.reason)}.`,
    usage_ruled: (body, author) =>
        say`${did(author, "разрешил")} спор о заявлении ${body.statement} по ${grant(body.grant, "разрешению")}: ${usage(body.usage)}${because(body.reason)}.`,
    obligation_created: ({ info, obligation: id }) =>
        say`${organisation(info.debtor, "who")} должна ${organisation(info.creditor, "whom")} ${{ amount: info.amount, currency: info.currency }} за использование ${grant(info.grant, "разрешения")} (${obligation(id, "обязательство")}).`,
    obligation_paid: (body, author) =>
        say`${did(author, "погасил")} в реестре ${obligation(body.obligation, "обязательство")}.`,
    payment_declared: (body, author) =>
        say`${did(author, "заявил")}, что ${obligation(body.obligation, "обязательство")} оплачено через банк.`,
    payment_answered: (body, author) =>
        body.confirmed
            ? say`${did(author, "подтвердил")} получение банковского платежа по ${obligation(body.obligation, "обязательству")}.`
            : say`${did(author, "сообщил")}, что банковский платёж по ${obligation(body.obligation, "обязательству")} не получен${because(body.reason)}.`,
    cycle_opened: (body) =>
        say`Начался ${cycle(body.cycle, "цикл")}: обязательства, возникшие до ${time(body.cutoff)}; деньги нужны к ${time(body.deadline)}.`,
    cycle_computed: (body) =>
        say`Рассчитан ${cycle(body.cycle, "цикл")}: ${count(body.obligations, { one: "обязательство", few: "обязательства", many: "обязательств" })} всего на ${{ amount: body.gross, currency: body.cycle.currency }}, позиции ${count(body.positions.length, { one: "организации", few: "организаций", many: "организаций" })}.`,
    cycle_defaulted: (body) =>
        say`У ${organisation(body.debtor, "whose")} к сроку не оказалось ${{ amount: body.amount, currency: body.cycle.currency }} для ${cycle(body.cycle, "цикла")}; её долг ждёт следующего цикла.`,
    cycle_settled: (body) =>
        say`Завершён ${cycle(body.cycle, "цикл")}: всего уплачено ${{ amount: body.net, currency: body.cycle.currency }}.`,
    obligation_reversed: ({ info, obligation: id, reason }, author) =>
        say`${did(author, "сторнировал")} ${{ amount: info.amount, currency: info.currency }}${info.reverses === null ? null : [" из ", obligation(info.reverses, "обязательства")]} встречным ${obligation(id, "обязательством")}${because(reason)}.`,
    declaration_withdrawn: (body, author) =>
        say`${did(author, "отозвал")} заявление о банковской оплате ${obligation(body.obligation, "обязательства")}.`,
};

export default sentences;
