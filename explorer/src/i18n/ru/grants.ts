import type en from "../en/grants";
import { russian } from "../plural";

const { count, number, word } = russian;

/** Перечень, как в предложении: «а, б и в». */
function and(items: readonly string[]): string {
    return new Intl.ListFormat("ru", { type: "conjunction" }).format(items);
}

const accesses = (value: string | bigint) => count(value, { one: "обращение", few: "обращения", many: "обращений" });
const records = (value: string | bigint) => count(value, { one: "запись", few: "записи", many: "записей" });
const bytes = (value: string | bigint) => count(value, { one: "байт", few: "байта", many: "байт" });

/** После «за каждые». */
const each = {
    access: (value: string) => `${word(value, { one: "каждое", few: "каждые", many: "каждые" })} ${accesses(value)}`,
    record: (value: string) =>
        `${word(value, { one: "каждую", few: "каждые", many: "каждые" })} ${count(value, { one: "запись", few: "записи", many: "записей" })}`,
    byte: (value: string) => `${word(value, { one: "каждый", few: "каждые", many: "каждые" })} ${bytes(value)}`,
};

const ru: typeof en = {
    title: "Разрешения",
    lead: "Кто чьими данными может пользоваться, для чего, на каком правовом основании и до какого времени.",
    grant: (grant) => `Разрешение ${grant}`,
    none: "Ни одно разрешение не подходит. Здесь стоят все разрешения начиная с первого запроса или предложения, в том числе несостоявшиеся и закончившиеся.",
    filters: "Какие разрешения",
    looked: (shown, looked) =>
        `В этом состоянии ${number(shown)} из ${count(looked, { one: "просмотренного разрешения", few: "просмотренных разрешений", many: "просмотренных разрешений" })}.`,
    columns: {
        grant: "Разрешение",
        dataset: "Набор данных",
        provider: "Поставщик",
        consumer: "Потребитель",
        state: "Состояние",
        may: "Может",
        until: "Раньше, чем",
        parent: "Стоит на",
    },
    verbs: {
        read: "читать их",
        derive: "создавать из них другие данные",
        train: "обучать на них модели",
        aggregate: "сводить их в итоги",
        publish: "открывать их всем",
    },
    standing: {
        title: "Как с ним обстоит дело",
        inForce: "Оно действует.",
        expired: "Его срок истёк, поэтому оно больше ничего не позволяет.",
        early: "Его срок ещё не начался, поэтому оно пока ничего не позволяет.",
        usedUp: "Всё, что можно было использовать, использовано, поэтому оно больше ничего не позволяет.",
        suspended: "Оно приостановлено и ничего не позволяет, пока не будет возобновлено.",
        above: (grant) => `Оно ничего не позволяет: разрешение ${grant}, на котором оно стоит, не действует.`,
        binding: "Достаточно принять предложение.",
        requested: "Поставщик соглашается или предлагает другие условия.",
        offered: "Потребитель принимает или запрашивает другие условия.",
        accepted: "Теперь соглашается поставщик.",
        agreed: "Теперь подтверждает потребитель.",
        verified: "Теперь поставщик вводит его в действие.",
        terminated: "Переговоры не удались, окончательно.",
        revoked: "Оно отозвано, окончательно.",
        completed: "От него отказались, или его место заняло другое разрешение, окончательно.",
        decides:
            "Вычислено здесь по самому разрешению и по тем, на которых оно стоит. Вправе ли организация действовать, здесь не учтено: страница о доступе спрашивает сам реестр.",
        short: {
            inForce: "действует",
            expired: "активно, но истекло",
            suspendedExpired: "приостановлено и истекло",
            early: "активно, не началось",
            usedUp: "активно, но исчерпано",
            above: "активно, но не действует",
        },
    },
    facts: {
        parent: "Стоит на",
        supersedes: "Вместо",
        activeSince: "Введено в действие",
        ended: "Закончилось",
        termsHash: "Хеш условий",
        records: "Записей о нём",
        state: "Состояние",
        now: "Кто сейчас может пользоваться набором",
    },
    terms: {
        title: "Что в нём сказано",
        data: "Данные",
        provider: "Поставщик",
        providerRole: "предоставляет",
        consumer: "Потребитель",
        consumerRole: "пользуется",
        controller: "Оператор",
        controllerRole: "отвечает перед людьми, о которых эти данные",
        may: "Может",
        for: "Для чего",
        time: "Срок",
        limit: "Предел",
        price: "Цена",
        passing: "Передача другим",
        where: "Где",
        personal: "Персональные данные",
        basis: "Правовое основание",
        retention: "Хранение",
        recipients: "Получатели",
        consent: "Согласие",
        notice: "Уведомление",
        withdrawal: "Отзыв согласия",
        assessment: "Оценка воздействия",
        contract: "Договор",
        agreement: "Соглашение ODRL",
        language: (code) => `на языке ${code}`,
        until: "раньше, чем",
        noBasis: "нет",
        nobody: "больше никто",
        noAgreement: "не названо",
        commitment: "обязательство по хешу",
    },
    sentence: (to, verbs, purposes) => `${to} может ${and(verbs)}. Цели: ${and(purposes)}.`,
    versions: (first, last) =>
        last === null
            ? first === 1
                ? "все версии, в том числе будущие"
                : `все версии начиная с ${number(first)}, в том числе будущие`
            : first === last
              ? `только версия ${number(first)}`
              : `версии с ${number(first)} по ${number(last)}`,
    content: "с содержимым",
    limits: (limit) => {
        const parts = [
            ...(limit.accesses === null ? [] : [accesses(limit.accesses)]),
            ...(limit.records === null ? [] : [records(limit.records)]),
            ...(limit.bytes === null ? [] : [bytes(limit.bytes)]),
        ];
        return parts.length === 0 ? "нет" : `всего ${and(parts)}`;
    },
    usage: (usage) => `${accesses(usage.accesses)}, ${records(usage.records)}, ${bytes(usage.bytes)}`,
    prices: {
        free: "бесплатно",
        contract: "по договору",
        fixed: (sum) => `${sum}, платится в начале`,
        perPeriod: (sum, period) => `${sum} за каждый начавшийся период; длина периода: ${period}`,
        metered: (unit, per, steps, window) =>
            `за ${each[unit](per)}: ${steps.join(", ")}; срок оспаривания отчётов: ${window}`,
        step: (sum, above) => (above === "0" ? sum : `${sum} сверх ${number(above)}`),
    },
    passing: (depth, restricted) => {
        const data = restricted ? "в том числе данных ограниченного доступа" : "кроме данных ограниченного доступа";
        return depth === 0
            ? "не разрешена"
            : depth === 1
              ? `разрешена один раз (${data})`
              : `разрешена по цепочке до ${count(depth, { one: "раза", few: "раз", many: "раз" })} (${data})`;
    },
    retention: (days) =>
        days === null
            ? "не ограничено"
            : `полученное удаляется не позже чем через ${count(days, { one: "день", few: "дня", many: "дней" })} после окончания`,
    timeline: {
        title: "Что с ним было",
        label: "Состояния разрешения по порядку",
        all: "Записи о нём",
        by: (organisation) => organisation,
        requested: "Запрошено",
        offered: "Предложено",
        offeredBindingly: "Предложено с обязательством",
        standingOn: (grant) => `стоит на разрешении ${grant}`,
        inPlaceOf: (grant) => `вместо разрешения ${grant}`,
        otherTerms: "условия не те, что раньше",
        became: {
            requested: "Запрошено",
            offered: "Предложено",
            accepted: "Принято",
            agreed: "Согласовано",
            verified: "Подтверждено",
            active: "Активно",
            suspended: "Приостановлено",
            terminated: "Прекращено",
            revoked: "Отозвано",
            completed: "Завершено",
        },
        resumed: "Возобновлено",
        held: "Цена зарезервирована",
        released: "Резерв цены снят",
        paid: "Цена уплачена",
        stated: (statement) => `Использование заявлено (отчёт ${number(statement)})`,
        disputed: (statement) => `Отчёт ${number(statement)} оспорен`,
        ruled: (statement) => `Совет решил спор об отчёте ${number(statement)}`,
        owed: (obligation) => `Возникло обязательство ${obligation}`,
        reversed: (obligation) => `Обязательство ${obligation} сторнирует другое`,
        contested: (counter) => `Сообщение ${number(counter)} оспорено`,
        consumerCounts: (usage) => `по счёту потребителя: ${usage}`,
        cut: (shown, total) =>
            `На ленте первые ${number(shown)} из ${number(total)}; в списке записей они все.`,
        reports: (reports) =>
            `Здесь не показано: ${count(reports, { one: "сообщение", few: "сообщения", many: "сообщений" })} об использовании; см. ниже.`,
    },
    tree: {
        title: "Кому оно передано",
        lead: "Разрешения, на которых оно стоит, и те, что стоят на нём.",
        alone: "Оно не стоит ни на каком другом, и на нём ни одно не стоит.",
        this: "это разрешение",
        cut: (looked) =>
            `Просмотрены только первые разрешения набора (${number(looked)}): на этом могут стоять и другие.`,
    },
    use: {
        title: "Использование",
        none: "Об использовании не сообщалось. Здесь стоят суммы, о которых сообщает шлюз поставщика, и доля предела, которую они занимают.",
        own: "Собственное",
        all: "Вместе с переданным",
        limit: "Предел",
        what: "Что считается",
        accesses: "Обращения",
        records: "Записи данных",
        bytes: "Байты",
        unlimited: "без предела",
        share: "Доля предела",
        until: "Сообщено за время до",
        report: "Последнее сообщение",
        reports: "Сообщения об использовании",
        reportsLead:
            "В каждом сообщении суммы с начала разрешения и корень над квитанциями за период: имея квитанции, его может вычислить каждый.",
        noReports: "Сообщений нет.",
        counter: "Сообщение",
        window: "Период",
        refused: "Отказов за период",
        receipts: "Квитанций",
        root: "Корень квитанций",
        contested: "Оспорено",
        nothingRefused: "нет",
        record: "Запись",
        reportedBy: "Числа даны со слов поставщика.",
    },
    account: {
        title: "Счёт",
        free: "В реестре ничего не начисляется: оно бесплатно.",
        contract: "В реестре ничего не начисляется: цену определяет договор.",
        billed: "Начислено всего, до сторнирования",
        matured: "Использование, которое уже не оспорить",
        open: "Последний отчёт, который ещё можно оспорить",
        noOpen: "такого нет",
        statements: "Отчётов",
        stated: "Заявлено",
        disputed: "Оспорено",
        disputedAs: (usage) => `по счёту потребителя: ${usage}`,
        obligations: "Что за него причитается",
        noObligations: "За него ничего не причитается.",
        columns: {
            obligation: "Обязательство",
            since: "Возникло",
            debtor: "Должник",
            creditor: "Кредитор",
            amount: "Сумма",
            reversed: "Сторнировано",
            state: "Состояние",
        },
    },
    odrl: {
        title: "Соглашение ODRL",
        lead: "Условия в виде соглашения ODRL 2.2. Оно следует из одних лишь условий и хеша генезиса, поэтому страница составляет его заново и сравнивает.",
        named: "Хеш, названный в условиях",
        made: "Хеш составленного здесь соглашения",
        same: "В условиях названо именно это соглашение.",
        other: "В условиях назван другой документ. Стороны вправе так сделать; его текст тогда не этот.",
        absent: "Соглашение в условиях не названо.",
        termsSame: "Хеш условий, вычисленный здесь по ответу узла, совпадает с хешем в реестре.",
        termsOther: "Хеш условий, вычисленный здесь по ответу узла, НЕ совпадает с хешем в реестре.",
        unavailable:
            "Этот браузер вычисляет хеши только на страницах, полученных по https или с этого же компьютера, поэтому сравнения не было.",
        failed: "Составить соглашение из этих условий не удалось.",
        save: "Соглашение (JSON-LD)",
        genesis: "Хеш генезиса ещё не известен.",
    },
};

export default ru;
