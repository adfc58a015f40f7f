import type en from "../en/devices";
import { russian } from "../plural";

const { count, number } = russian;

const readings = { one: "показание", few: "показания", many: "показаний" };
const batches = { one: "пакет", few: "пакета", many: "пакетов" };
const inBatches = { one: "пакете", few: "пакетах", many: "пакетах" };
const ofRecords = { one: "записи", few: "записей", many: "записей" };
const inGaps = { one: "пропуске", few: "пропусках", many: "пропусках" };
const versions = { one: "версия", few: "версии", many: "версий" };

const ru: typeof en = {
    title: "Устройства",
    lead: "Кто отвечает за каждое устройство, какие его показания аттестованы и можно ли им доверять.",
    none: "Ни одно устройство ещё не зарегистрировано. Это делают регистраторы организаций.",
    device: (device) => `Устройство ${device}`,
    deviceLead: "Что устройство аттестовало и чего не хватает, какими ключами, насколько ему доверяют и куда попали его показания.",
    columns: {
        device: "Устройство",
        model: "Модель",
        owner: "Владелец",
        status: "Состояние",
        location: "Место",
        numbered: "Показаний по порядку",
        attested: "Последняя аттестация",
    },
    never: "не было",
    distrusted: "доверие утрачено",
    calibrationOver: "калибровка истекла",
    about: "Об устройстве",
    properties: "Что измеряет",
    noProperties: "не указано",
    geohash: (hash) => `геохеш ${hash}`,
    registered: "Зарегистрировано",
    numbered: "Показаний по порядку",
    numberedHint: "аттестованы или объявлены потерянными",
    key: "Действующий ключ",
    epoch: (epoch) => `эпоха ${epoch}`,
    algorithm: (algorithm) => (algorithm === 1 ? "Ed25519" : `алгоритм ${algorithm}`),
    before: "Прежний ключ",
    beforeUntil: "подписи принимаются до",
    calibration: "Калибровка",
    noCalibration: "При регистрации свидетельство не указано.",
    certificate: "Свидетельство (SHA-256)",
    validFrom: "Действует с",
    validUntil: "Действует до",
    calibrationNow: { ahead: "ещё не действует", holds: "действует", over: "истекла" },
    outside: (batch) =>
        batch === 0
            ? "Все показанные пакеты относятся ко времени, когда она действовала."
            : `${count(batch, { one: "пакет содержит", few: "пакета содержат", many: "пакетов содержат" })} наблюдения за время, когда она не действовала.`,
    doubtTitle: "Его наблюдения под сомнением",
    doubtSince: "Нельзя доверять тому, что оно наблюдало с этого времени:",
    doubtRecorded: "записано",
    doubtReason: "Причина",
    toTouched: "Чего это касается",
    coverage: "Что аттестовано и чего не хватает",
    coverageLead:
        "У каждого показания есть номер, начиная с 0. Пакет аттестует показания подряд и сообщает, сколько перед ними потеряно. Цепочка не принимает пакет, который молча пропускает номер или повторяет его: аттестованное не исправляется никогда. Если показания оказались неверны, им перестают доверять с некоторого времени.",
    noBatches: "Устройство ещё ничего не аттестовало.",
    sums: (reading, batch, missing, gaps) =>
        `Аттестовано ${count(reading, readings)} в ${count(batch, inBatches)}; ` +
        (missing === 0n ? "потерь нет." : `потеряно ${number(missing)} в ${count(gaps, inGaps)}.`),
    observed: "Наблюдения с",
    observedTo: "по",
    unread: (shown, total) => `Изображены первые ${number(shown)} из ${count(total, ofRecords)}; остальные ещё не прочитаны.`,
    mapLabel: (reading, missing, gaps, next) =>
        `Карта номеров от 0 до ${next}: аттестовано ${reading}, потеряно ${missing} в ${count(gaps, inGaps)}. То же самое — в таблицах ниже.`,
    barRange: (first, last) => `${number(first)} – ${number(last)}`,
    legend: {
        attested: "аттестовано, по пакетам",
        missing: "объявлено потерянным",
        epoch: (epoch) => `ключ эпохи ${epoch}`,
        distrusted: "доверие утрачено",
        uncalibrated: "вне срока калибровки",
        unread: "ещё не прочитано",
    },
    notAll: (record, expected, found) =>
        `Это не все записи: пакет записи ${record} начинается так, будто следующий номер — ${found}, а это ${expected}. На показанное здесь полагаться нельзя.`,
    gaps: "Пропуски",
    noGaps: "Ни один номер не пропущен.",
    gapColumns: { first: "Первый потерянный", last: "Последний потерянный", count: "Сколько", record: "Объявлено в" },
    batches: "Пакеты",
    batchColumns: {
        batch: "Номера",
        count: "Показаний",
        missing: "Потеряно перед ним",
        window: "Время наблюдений",
        epoch: "Ключ",
        doubt: "Под сомнением",
        record: "Запись",
        time: "Аттестован",
    },
    trusted: "нет",
    shown: (shown, of) => `Показано ${number(shown)}; всего прочитано: ${count(of, batches)}.`,
    shownGaps: (shown, of) => `Показано ${number(shown)}; всего пропусков: ${number(of)}.`,
    moreRows: "Показать ещё",
    keys: "Ключи",
    keyColumns: {
        epoch: "Эпоха",
        key: "Открытый ключ",
        since: "С",
        until: "Подписывает до",
        batches: "Пакетов",
        readings: "Показаний",
        record: "Запись",
    },
    current: "действующий",
    events: "Что с ним происходило",
    keyEvent: (epoch) => `Начинается эпоха ${epoch}.`,
    distrustEvent: (since, reason) => `С ${since}. ${reason}`,
    feeds: "Наборы данных, которые оно пополняет",
    noFeeds: "Ни в один набор данных оно не добавлено.",
    feedColumns: { dataset: "Набор данных", added: "Добавлено", removed: "Исключено" },
    stillFeeds: "пополняет сейчас",
    made: "Что создано из его показаний",
    madeSince: (time) => `Учтено то, что оно наблюдало с ${time}, когда доверие было утрачено.`,
    madeAll: "Учтено всё, что оно когда-либо наблюдало.",
    countAll: "Учесть всё, что оно наблюдало",
    countDoubt: "Учесть только сомнительное",
    madeRule:
        "Версии, в которых названы его показания, версии наборов, которые оно пополняло, и всё, что создано из них: скорее больше, чем меньше.",
    noMade: "Ни одна версия из них не создана.",
    madeColumns: { version: "Версия", steps: "Шагов", via: "Через", lineage: "Происхождение" },
    lineage: "Показать",
    madeExtent: (shown, complete) =>
        complete
            ? `Всего: ${count(shown, versions)}.`
            : `Показано: ${count(shown, versions)}. Есть ещё, но узел их не перечисляет: спросите о более позднем времени.`,
    asOf: (block) => `По состоянию на блок ${number(block)}.`,
    records: "Записи",
    allRecords: (total) => `Все записи о нём: ${number(total)}`,
    evidenceList: "Что это все записи",
    evidenceMade: "Что из показаний не создано ничего другого",
    evidenceDoubt: "Что сомнение не касается ничего другого",

    batch: (device, first, last) => `Пакет устройства ${device}: показания с ${first} по ${last}`,
    batchUnknown: (device, sequence) => `Показание ${sequence} устройства ${device}`,
    batchLead: "Показания подряд, которые устройство подписало, а реестр аттестовал под одним корнем.",
    missingTitle: (sequence) => `Показание ${sequence} потеряно`,
    missingText: "Устройство объявило, что потеряло это показание. Об этом говорит следующий пакет:",
    nextBatch: "Следующий пакет",
    theBatch: "О пакете",
    fields: {
        device: "Устройство",
        owner: "Аттестовала",
        readings: "Показаний",
        numbers: "Номера",
        missing: "Потеряно перед ним",
        noneMissing: "нисколько",
        span: "Время наблюдений",
        root: "Корень над показаниями",
        schema: "Схема показаний",
        epoch: "Подписан ключом",
        signature: "Подпись устройства",
        expires: "Принимается до",
        record: "Запись",
        attested: "Аттестован",
        block: "Блок",
    },
    schema: (schema) => (schema === 1 ? "citynet.reading/1" : String(schema)),
    spanOf: (length) => `(${length})`,
    order: "До и после него",
    previous: "Предыдущий пакет",
    next: "Следующий пакет",
    firstOne: "Это первый пакет устройства.",
    batchDistrusted: "В пакете есть наблюдения за время, с которого устройству не доверяют:",
    batchUncalibrated: "В пакете есть наблюдения за время, когда калибровка устройства не действовала.",
    prove: "Отдельное показание",
    proveText:
        "В реестре есть корень над показаниями, но не сами показания: их хранит в архиве тот, кто их аттестовал. По архиву этот браузер докажет отдельное показание вплоть до блока генезиса.",
    proveLink: "Доказать показание",
    batchMade: "Что создано из него",
    noneOfBatch: "Из него не создано ни одной версии.",
    batchMadeRule:
        "Версии, в которых названы показания этого пакета; версии, где показания устройства не названы, но набор данных оно пополняло и время наблюдений совпадает; и всё, что создано из них.",
    evidenceRecord: "Что пакет есть в реестре",
};

export default ru;
