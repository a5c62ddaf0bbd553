<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU">
<context>
    <name>Actions</name>
    <message>
        <source>General</source>
        <translation>Общее</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Потоки</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Изображение</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранение</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Сочетания клавиш</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Во весь экран</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Next theme</source>
        <translation>Следующая тема</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Add source…</source>
        <translation>Добавить источник…</translation>
    </message>
    <message>
        <source>Show a test pattern</source>
        <translation>Показать тестовую картинку</translation>
    </message>
    <message>
        <source>Wall</source>
        <translation>Стена</translation>
    </message>
    <message>
        <source>Large picture of the selected stream</source>
        <translation>Выбранный поток крупно</translation>
    </message>
    <message>
        <source>Large picture of stream 1–9</source>
        <translation>Крупно: поток 1–9</translation>
    </message>
    <message>
        <source>Next stream</source>
        <translation>Следующий поток</translation>
    </message>
    <message>
        <source>Previous stream</source>
        <translation>Предыдущий поток</translation>
    </message>
    <message>
        <source>Stream below</source>
        <translation>Поток ниже</translation>
    </message>
    <message>
        <source>Stream above</source>
        <translation>Поток выше</translation>
    </message>
    <message>
        <source>Move the tile right</source>
        <translation>Переместить плитку вправо</translation>
    </message>
    <message>
        <source>Move the tile left</source>
        <translation>Переместить плитку влево</translation>
    </message>
    <message>
        <source>Move the tile down</source>
        <translation>Переместить плитку вниз</translation>
    </message>
    <message>
        <source>Move the tile up</source>
        <translation>Переместить плитку вверх</translation>
    </message>
    <message>
        <source>Remove the stream</source>
        <translation>Убрать поток</translation>
    </message>
    <message>
        <source>Fewer columns</source>
        <translation>Меньше столбцов</translation>
    </message>
    <message>
        <source>More columns</source>
        <translation>Больше столбцов</translation>
    </message>
    <message>
        <source>Names and figures</source>
        <translation>Имена и числа</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>Пауза или продолжить</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Вписать</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Заполнить</translation>
    </message>
    <message>
        <source>Actual size, 1:1</source>
        <translation>Настоящий размер, 1:1</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Увеличить</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Уменьшить</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Отразить</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>Значения пикселей</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Копировать изображение</translation>
    </message>
    <message>
        <source>Record, or stop recording</source>
        <translation>Начать или закончить запись</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Товары</translation>
    </message>
    <message>
        <source>Add a product…</source>
        <translation>Добавить товар…</translation>
    </message>
    <message>
        <source>Bring the deleted product back</source>
        <translation>Вернуть удалённый товар</translation>
    </message>
    <message>
        <source>Load the interface anew</source>
        <translation>Загрузить интерфейс заново</translation>
    </message>
    <message>
        <source>Load everything anew, fonts and theme too</source>
        <translation>Загрузить заново всё, вместе со шрифтами и темой</translation>
    </message>
    <message>
        <source>Step one frame back</source>
        <translation>Кадр назад</translation>
    </message>
    <message>
        <source>Step one frame forward</source>
        <translation>Кадр вперёд</translation>
    </message>
    <message>
        <source>Replay: five seconds back</source>
        <translation>Повтор: пять секунд назад</translation>
    </message>
    <message>
        <source>Replay: five seconds forward</source>
        <translation>Повтор: пять секунд вперёд</translation>
    </message>
    <message>
        <source>Back to the present</source>
        <translation>Вернуться к текущему</translation>
    </message>
    <message>
        <source>Record all, or stop all</source>
        <translation>Записывать всё или остановить всё</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Звонки</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
    <message>
        <source>Start a call</source>
        <translation>Начать звонок</translation>
    </message>
    <message>
        <source>Join a call</source>
        <translation>Присоединиться к звонку</translation>
    </message>
    <message>
        <source>Mute, or speak again</source>
        <translation>Выключить микрофон или снова включить</translation>
    </message>
    <message>
        <source>Camera off, or on again</source>
        <translation>Выключить камеру или снова включить</translation>
    </message>
    <message>
        <source>Speak while it is held, when muted</source>
        <translation>Говорить, пока клавиша нажата (при выключенном микрофоне)</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Код безопасности</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Завершить звонок</translation>
    </message>
    <message>
        <source>Your picture left</source>
        <translation>Своё изображение влево</translation>
    </message>
    <message>
        <source>Your picture right</source>
        <translation>Своё изображение вправо</translation>
    </message>
    <message>
        <source>Your picture up</source>
        <translation>Своё изображение вверх</translation>
    </message>
    <message>
        <source>Your picture down</source>
        <translation>Своё изображение вниз</translation>
    </message>
    <message>
        <source>Find a stream by its name</source>
        <translation>Найти поток по имени</translation>
    </message>
    <message>
        <source>Sort the wall by name</source>
        <translation>Упорядочить стену по имени</translation>
    </message>
    <message>
        <source>Other streams beside the picture</source>
        <translation>Другие потоки рядом с картинкой</translation>
    </message>
    <message>
        <source>Keep the last seconds of a local stream, or no longer</source>
        <translation>Хранить последние секунды локального потока или больше не хранить</translation>
    </message>
    <message>
        <source>Save the picture as…</source>
        <translation>Сохранить картинку как…</translation>
    </message>
</context>
<context>
    <name>AddSourceSheet</name>
    <message>
        <source>Add source</source>
        <translation>Добавить источник</translation>
    </message>
    <message>
        <source>Address of the source</source>
        <translation>Адрес источника</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Okno fetches MJPEG over HTTP from cameras and boards that serve it, and opens picture and video files.</source>
        <translation>Okno получает MJPEG по HTTP от камер и плат, которые его отдают, и открывает файлы изображений и видео.</translation>
    </message>
    <message>
        <source>An address begins with http:// or https://, a file with /</source>
        <translation>Адрес начинается с http:// или https://, файл — с /</translation>
    </message>
</context>
<context>
    <name>CallControls</name>
    <message>
        <source>Call tools</source>
        <translation>Управление звонком</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Включить микрофон</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Выключить микрофон</translation>
    </message>
    <message>
        <source>Turn the camera off</source>
        <translation>Выключить камеру</translation>
    </message>
    <message>
        <source>Turn the camera on</source>
        <translation>Включить камеру</translation>
    </message>
    <message>
        <source>Camera, microphone, speaker</source>
        <translation>Камера, микрофон, динамик</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Код безопасности</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Выйти из полноэкранного режима</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Во весь экран</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Завершить звонок</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Камера</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Динамик</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>CallEnded</name>
    <message>
        <source>Its key now: %1</source>
        <translation>Его ключ сейчас: %1</translation>
    </message>
    <message>
        <source>The call lasted %1.</source>
        <translation>Звонок длился %1.</translation>
    </message>
    <message>
        <source>Another call</source>
        <translation>Другой звонок</translation>
    </message>
    <message>
        <source>Use the new relay</source>
        <translation>Доверять новому серверу</translation>
    </message>
    <message>
        <source>Call again</source>
        <translation>Позвонить снова</translation>
    </message>
</context>
<context>
    <name>CallHome</name>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ваше имя</translation>
    </message>
    <message>
        <source>Start a call</source>
        <translation>Начать звонок</translation>
    </message>
    <message>
        <source>You get a code for the person you want to talk to. What you say and show is encrypted from you to them.</source>
        <translation>Вы получите код для собеседника. Всё, что вы говорите и показываете, шифруется от вас до него.</translation>
    </message>
    <message>
        <source>Relay, where the two of you meet</source>
        <translation>Сервер (relay), через который вы встретитесь</translation>
    </message>
    <message>
        <source>Join a call</source>
        <translation>Присоединиться к звонку</translation>
    </message>
    <message>
        <source>Type or paste the code or the link that you were given.</source>
        <translation>Введите или вставьте полученный код или ссылку.</translation>
    </message>
    <message>
        <source>A code is a number and words, such as 7-guitar-lamp-orbit.</source>
        <translation>Код состоит из числа и слов, например 7-guitar-lamp-orbit.</translation>
    </message>
    <message>
        <source>Not given</source>
        <translation>Не указано</translation>
    </message>
    <message>
        <source>Code or link</source>
        <translation>Код или ссылка</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Порт — это число от 1 до 65535.</translation>
    </message>
    <message>
        <source>Pictures and sound need two different ports.</source>
        <translation>Для изображения и звука нужны два разных порта.</translation>
    </message>
    <message>
        <source>Write the session code that the other person uses too.</source>
        <translation>Введите код сеанса — тот же, что и у собеседника.</translation>
    </message>
    <message>
        <source>The session code is too long.</source>
        <translation>Код сеанса слишком длинный.</translation>
    </message>
    <message>
        <source>A server is a name or an IP address, such as example.org. Its ports have their own fields.</source>
        <translation>Сервер — это имя или IP-адрес, например example.org. Для портов есть отдельные поля.</translation>
    </message>
    <message>
        <source>Call an original client</source>
        <translation>Позвонить в исходную программу</translation>
    </message>
    <message>
        <source>For somebody who uses the original VideoChat program. The server, and whoever knows the session code, can see and hear the call.</source>
        <translation>Для собеседника с исходной программой VideoChat. Сервер и любой, кто знает код сеанса, могут видеть и слышать разговор.</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Не зашифровано</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Сервер</translation>
    </message>
    <message>
        <source>Session code</source>
        <translation>Код сеанса</translation>
    </message>
    <message>
        <source>Port for pictures</source>
        <translation>Порт изображения</translation>
    </message>
    <message>
        <source>Port for sound</source>
        <translation>Порт звука</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Соединиться</translation>
    </message>
    <message>
        <source>example.org</source>
        <translation>example.org</translation>
    </message>
</context>
<context>
    <name>CallLayer</name>
    <message>
        <source>%1 is gone</source>
        <translation>%1: устройство пропало</translation>
    </message>
    <message>
        <source>%1 is gone; now using %2</source>
        <translation>%1: устройство пропало; теперь используется %2</translation>
    </message>
</context>
<context>
    <name>CallPage</name>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Не зашифровано</translation>
    </message>
</context>
<context>
    <name>CallReturn</name>
    <message>
        <source>the other person</source>
        <translation>собеседником</translation>
    </message>
    <message>
        <source>Back to the call with %1  %2</source>
        <translation>Вернуться к звонку с %1  %2</translation>
    </message>
    <message>
        <source>Back to the call</source>
        <translation>Вернуться к звонку</translation>
    </message>
    <message>
        <source>%1 (not encrypted)</source>
        <translation>%1 (не зашифровано)</translation>
    </message>
    <message>
        <source>Back to the call, which is not encrypted</source>
        <translation>Назад к разговору, который не зашифрован</translation>
    </message>
</context>
<context>
    <name>CallWords</name>
    <message>
        <source>You hung up</source>
        <translation>Вы завершили звонок</translation>
    </message>
    <message>
        <source>The other person hung up</source>
        <translation>Собеседник завершил звонок</translation>
    </message>
    <message>
        <source>The other person&apos;s connection was lost</source>
        <translation>Связь собеседника прервалась</translation>
    </message>
    <message>
        <source>Your connection was lost</source>
        <translation>Ваша связь прервалась</translation>
    </message>
    <message>
        <source>Nobody came</source>
        <translation>Никто не пришёл</translation>
    </message>
    <message>
        <source>The code was wrong</source>
        <translation>Код неверен</translation>
    </message>
    <message>
        <source>Nobody waits under this code</source>
        <translation>Под этим кодом никто не ждёт</translation>
    </message>
    <message>
        <source>This code was used already</source>
        <translation>Этот код уже использован</translation>
    </message>
    <message>
        <source>There are two people in this call already</source>
        <translation>В этом звонке уже двое</translation>
    </message>
    <message>
        <source>The other program does not answer</source>
        <translation>Программа собеседника не отвечает</translation>
    </message>
    <message>
        <source>Too many tries</source>
        <translation>Слишком много попыток</translation>
    </message>
    <message>
        <source>The relay has no room</source>
        <translation>На сервере нет места</translation>
    </message>
    <message>
        <source>The relay can&apos;t be reached</source>
        <translation>Сервер недоступен</translation>
    </message>
    <message>
        <source>This is not the relay of the last time</source>
        <translation>Это не тот сервер, что в прошлый раз</translation>
    </message>
    <message>
        <source>The two programs don&apos;t understand each other</source>
        <translation>Программы не понимают друг друга</translation>
    </message>
    <message>
        <source>Somebody on the way changed the call</source>
        <translation>Кто-то по пути изменил звонок</translation>
    </message>
    <message>
        <source>The call was over already</source>
        <translation>Звонок уже завершён</translation>
    </message>
    <message>
        <source>The call could not go on</source>
        <translation>Звонок не может продолжаться</translation>
    </message>
    <message>
        <source>It did not come back within a minute.</source>
        <translation>Она не восстановилась за минуту.</translation>
    </message>
    <message>
        <source>A code waits ten minutes. Start again for a new one.</source>
        <translation>Код ждёт десять минут. Начните снова, чтобы получить новый.</translation>
    </message>
    <message>
        <source>A code has one try, so this one is gone. The person who waits needs to start a new call.</source>
        <translation>У кода одна попытка, и её больше нет. Тому, кто ждёт, нужно начать новый звонок.</translation>
    </message>
    <message>
        <source>Look at the code again, or ask for a new one.</source>
        <translation>Проверьте код или попросите новый.</translation>
    </message>
    <message>
        <source>If it was not you, ask for a new code: somebody else has it.</source>
        <translation>Если это были не вы, попросите новый код: он есть у кого-то ещё.</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>Попробуйте через минуту.</translation>
    </message>
    <message>
        <source>Is okno-relay running at %1?</source>
        <translation>Запущен ли okno-relay на %1?</translation>
    </message>
    <message>
        <source>Its key is another one. Either the relay was set up anew, or somebody stands between. Ask the person who runs %1.</source>
        <translation>У него другой ключ. Либо сервер установлен заново, либо кто-то стоит посередине. Спросите того, кто управляет %1.</translation>
    </message>
    <message>
        <source>One of them needs an update.</source>
        <translation>Одну из них нужно обновить.</translation>
    </message>
    <message>
        <source>Nothing of it was shown or played.</source>
        <translation>Ничего из этого не показано и не воспроизведено.</translation>
    </message>
    <message>
        <source>Poor network: what you send does not get through fast enough. Your picture was lowered to %1 lines.</source>
        <translation>Плохая сеть: отправляемое не успевает доходить. Ваше изображение уменьшено, строк: %1.</translation>
    </message>
    <message>
        <source>Poor network: what the other person sends does not get through.</source>
        <translation>Плохая сеть: то, что посылает собеседник, не доходит.</translation>
    </message>
    <message>
        <source>The way to the other person is slow: wait a moment before you answer.</source>
        <translation>Связь с собеседником медленная: подождите немного, прежде чем отвечать.</translation>
    </message>
    <message>
        <source>Somebody on the way changes packets. They are thrown away.</source>
        <translation>Кто-то по пути изменяет пакеты. Они отбрасываются.</translation>
    </message>
    <message>
        <source>The other program sends far more than a call needs. What is too much is thrown away.</source>
        <translation>Программа собеседника шлёт гораздо больше, чем нужно для звонка. Лишнее отбрасывается.</translation>
    </message>
    <message>
        <source>The other program sends pictures that this one can&apos;t show. One of the two needs an update.</source>
        <translation>Программа собеседника шлёт изображения, которые эта не умеет показывать. Одну из двух нужно обновить.</translation>
    </message>
    <message>
        <source>Trying the camera…</source>
        <translation>Проверка камеры…</translation>
    </message>
    <message>
        <source>There is no camera. The call works without one.</source>
        <translation>Камеры нет. Звонок возможен и без неё.</translation>
    </message>
    <message>
        <source>Another program uses the camera.</source>
        <translation>Камеру использует другая программа.</translation>
    </message>
    <message>
        <source>The camera may not be used: access is refused.</source>
        <translation>Камерой нельзя пользоваться: доступ запрещён.</translation>
    </message>
    <message>
        <source>The camera is gone. Is it still plugged in?</source>
        <translation>Камера пропала. Она ещё подключена?</translation>
    </message>
    <message>
        <source>Your camera is off</source>
        <translation>Ваша камера выключена</translation>
    </message>
    <message>
        <source>Trying the microphone…</source>
        <translation>Проверка микрофона…</translation>
    </message>
    <message>
        <source>There is no microphone. You can hear, but not speak.</source>
        <translation>Микрофона нет. Вы можете слышать, но не говорить.</translation>
    </message>
    <message>
        <source>Another program uses the microphone.</source>
        <translation>Микрофон использует другая программа.</translation>
    </message>
    <message>
        <source>The microphone may not be used: access is refused.</source>
        <translation>Микрофоном нельзя пользоваться: доступ запрещён.</translation>
    </message>
    <message>
        <source>The microphone is gone. Is it still plugged in?</source>
        <translation>Микрофон пропал. Он ещё подключён?</translation>
    </message>
    <message>
        <source>Trying the speaker…</source>
        <translation>Проверка динамика…</translation>
    </message>
    <message>
        <source>There is no speaker. You can&apos;t hear the other person.</source>
        <translation>Динамика нет. Собеседника не слышно.</translation>
    </message>
    <message>
        <source>Another program uses the speaker.</source>
        <translation>Динамик использует другая программа.</translation>
    </message>
    <message>
        <source>The speaker may not be used: access is refused.</source>
        <translation>Динамиком нельзя пользоваться: доступ запрещён.</translation>
    </message>
    <message>
        <source>The speaker is gone. Is it still plugged in?</source>
        <translation>Динамик пропал. Он ещё подключён?</translation>
    </message>
</context>
<context>
    <name>CatalogNotice</name>
    <message>
        <source>There is no catalogue at %1.</source>
        <translation>По адресу %1 нет каталога.</translation>
    </message>
    <message>
        <source>The catalogue is slow to answer. Changes may take a while.</source>
        <translation>Каталог отвечает медленно. Изменения могут занять время.</translation>
    </message>
    <message>
        <source>The catalogue is gone. The products are as they were last known.</source>
        <translation>Каталог пропал. Показаны последние известные товары.</translation>
    </message>
    <message>
        <source>The catalogue is back.</source>
        <translation>Каталог снова на связи.</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Подключение к %1…</translation>
    </message>
    <message>
        <source>Start one in a terminal; Okno finds it by itself:</source>
        <translation>Запустите каталог в терминале; Okno найдёт его само:</translation>
    </message>
    <message>
        <source>Command that starts a catalogue</source>
        <translation>Команда запуска каталога</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Повторить сейчас</translation>
    </message>
</context>
<context>
    <name>CatalogPanel</name>
    <message>
        <source>Products</source>
        <translation>Товары</translation>
    </message>
    <message>
        <source>Add product</source>
        <translation>Добавить товар</translation>
    </message>
    <message>
        <source>Close products</source>
        <translation>Закрыть товары</translation>
    </message>
    <message>
        <source>Search the products</source>
        <translation>Искать среди товаров</translation>
    </message>
    <message>
        <source>The catalogue is empty. Add the first product.</source>
        <translation>Каталог пуст. Добавьте первый товар.</translation>
    </message>
    <message>
        <source>No product is called that.</source>
        <translation>Нет товара с таким названием.</translation>
    </message>
    <message>
        <source>There are more products than are listed here; search for them.</source>
        <translation>Товаров больше, чем показано; найдите остальные поиском.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Сохранение…</translation>
    </message>
    <message numerus="yes">
        <source>%n listed</source>
        <comment>products</comment>
        <translation>
            <numerusform>%n в списке</numerusform>
            <numerusform>%n в списке</numerusform>
            <numerusform>%n в списке</numerusform>
        </translation>
    </message>
    <message>
        <source>Drag one onto a picture to pin it</source>
        <translation>Перетащите товар на изображение, чтобы закрепить</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>ClassicWords</name>
    <message>
        <source>There is no connection to the server</source>
        <translation>Нет соединения с сервером</translation>
    </message>
    <message>
        <source>The other program sent what no original client sends</source>
        <translation>Другая программа прислала то, чего исходная не присылает</translation>
    </message>
    <message>
        <source>Or the server closed the connection: original clients don&apos;t tell which.</source>
        <translation>Или соединение закрыл сервер: исходная программа этого не различает.</translation>
    </message>
    <message>
        <source>Calls with original clients are not resumed. Call again.</source>
        <translation>Разговоры с исходной программой не возобновляются. Позвоните ещё раз.</translation>
    </message>
    <message>
        <source>Nobody came within ten minutes. Does the other person use the same server and session code?</source>
        <translation>За десять минут никто не пришёл. У собеседника те же сервер и код сеанса?</translation>
    </message>
    <message>
        <source>Neither sound nor picture came for 20 seconds.</source>
        <translation>20 секунд не было ни звука, ни изображения.</translation>
    </message>
    <message>
        <source>Does the original server, or okno-relay --classic, run at %1, with these two ports? If you hung up there a moment ago, try once more.</source>
        <translation>Работает ли по адресу %1 исходный сервер или okno-relay --classic с этими двумя портами? Если разговор там только что закончился, попробуйте ещё раз.</translation>
    </message>
    <message>
        <source>Nothing of it was executed or shown.</source>
        <translation>Ничего из этого не было выполнено или показано.</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <comment>the named code</comment>
        <translation>Копировать: %1</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Что сделать?</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Ничего не найдено.</translation>
    </message>
</context>
<context>
    <name>DesignerRows</name>
    <message>
        <source>The files are in %1. Start Okno with --qml-dir %1</source>
        <translation>Файлы в %1. Запустите Okno с --qml-dir %1</translation>
    </message>
    <message>
        <source>Not written: %1</source>
        <translation>Не записано: %1</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Интерфейс</translation>
    </message>
    <message>
        <source>A pack is a program: use those of people you trust.</source>
        <translation>Пакет — это программа: берите только у тех, кому доверяете.</translation>
    </message>
    <message>
        <source>Okno was started without packs.</source>
        <translation>Okno запущено без пакетов.</translation>
    </message>
    <message>
        <source>Use the interface %1</source>
        <translation>Использовать интерфейс «%1»</translation>
    </message>
    <message>
        <source>As shipped</source>
        <translation>Как в поставке</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>pack: what is wrong with it</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Пакеты</translation>
    </message>
    <message>
        <source>A folder for each, with a pack.json. New ones are found at once.</source>
        <translation>По папке на каждый, с файлом pack.json. Новые находятся сразу.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Открыть папку</translation>
    </message>
    <message>
        <source>Open the folder of packs</source>
        <translation>Открыть папку с пакетами</translation>
    </message>
    <message>
        <source>Files being edited</source>
        <translation>Редактируемые файлы</translation>
    </message>
    <message>
        <source>None. Start Okno with --qml-dir DIR to see each change as you save it.</source>
        <translation>Нет. Запустите Okno с --qml-dir ПАПКА, чтобы видеть каждое сохранённое изменение.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Перезагрузить</translation>
    </message>
    <message>
        <source>Load the interface anew</source>
        <translation>Загрузить интерфейс заново</translation>
    </message>
    <message>
        <source>The interface&apos;s own files</source>
        <translation>Файлы самого интерфейса</translation>
    </message>
    <message>
        <source>A copy to change, with everything to see it without Okno.</source>
        <translation>Копия для изменений, со всем, чтобы увидеть её без Okno.</translation>
    </message>
    <message>
        <source>Export QML</source>
        <translation>Выгрузить QML</translation>
    </message>
</context>
<context>
    <name>DragLabel</name>
    <message>
        <source>%1: pin to %2</source>
        <comment>product, stream</comment>
        <translation>%1: закрепить за %2</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Pictures, videos, and addresses that begin with http:// or https:// can be opened.</source>
        <translation>Можно открыть изображения, видео и адреса, которые начинаются с http:// или https://.</translation>
    </message>
    <message>
        <source>Drop a picture, a video or an address to add it as a source</source>
        <translation>Отпустите изображение, видео или адрес, чтобы добавить источник</translation>
    </message>
</context>
<context>
    <name>ErrorOverlay</name>
    <message>
        <source>Copy the error</source>
        <translation>Скопировать ошибку</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Open in editor</source>
        <translation>Открыть в редакторе</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Other streams</source>
        <translation>Другие потоки</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Показать %1</translation>
    </message>
</context>
<context>
    <name>FirstFrameGuide</name>
    <message>
        <source>Waiting for the first frame</source>
        <translation>Ожидание первого кадра</translation>
    </message>
    <message>
        <source>Listening on %1</source>
        <translation>Ожидание на %1</translation>
    </message>
    <message>
        <source> and </source>
        <translation> и </translation>
    </message>
    <message>
        <source>Not listening</source>
        <translation>Порты закрыты</translation>
    </message>
    <message>
        <source>Send frames from your program:</source>
        <translation>Отправьте кадры из своей программы:</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>C++</source>
        <translation>C++</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Командная строка</translation>
    </message>
    <message>
        <source>Show a test pattern</source>
        <translation>Показать тестовую картинку</translation>
    </message>
    <message>
        <source>Add source…</source>
        <translation>Добавить источник…</translation>
    </message>
    <message>
        <source>Python code</source>
        <translation>Код на Python</translation>
    </message>
    <message>
        <source>C++ code</source>
        <translation>Код на C++</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Команда</translation>
    </message>
    <message>
        <source>Nothing has come yet. From another computer, Okno has to be started with --listen 0.0.0.0:%1, and a firewall must let port %1 through.</source>
        <translation>Пока ничего не пришло. Для другого компьютера запустите Okno с --listen 0.0.0.0:%1 и откройте порт %1 в межсетевом экране.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Сочетания клавиш</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
</context>
<context>
    <name>FocusPage</name>
    <message>
        <source>Picture of %1</source>
        <translation>Изображение: %1</translation>
    </message>
    <message>
        <source>%1 × %2  %3 fps</source>
        <translation>%1 × %2  %3 к/с</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Back to the wall</source>
        <translation>Назад к стене</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Пауза</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Копировать изображение</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Закончить запись</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Записать</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Вписать</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Заполнить</translation>
    </message>
    <message>
        <source>Actual size, 1:1</source>
        <translation>Настоящий размер, 1:1</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Уменьшить</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Увеличить</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Отразить</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>Значения пикселей</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Выйти из полного экрана</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Во весь экран</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Товары</translation>
    </message>
    <message>
        <source>Other streams</source>
        <translation>Другие потоки</translation>
    </message>
</context>
<context>
    <name>IconButton</name>
    <message>
        <source>%1 (%2)</source>
        <comment>action (keys)</comment>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>InCall</name>
    <message>
        <source>The other person</source>
        <translation>Собеседник</translation>
    </message>
    <message>
        <source>Call with %1</source>
        <translation>Звонок: %1</translation>
    </message>
    <message>
        <source>Picture of %1</source>
        <translation>Изображение: %1</translation>
    </message>
    <message>
        <source>%1&apos;s camera is off</source>
        <translation>%1: камера выключена</translation>
    </message>
    <message>
        <source>No picture from %1 yet</source>
        <translation>%1: изображения пока нет</translation>
    </message>
    <message>
        <source>Reconnecting… %1 s. Nothing is heard on either side until it is back.</source>
        <translation>Восстановление связи… %1 с. До этого ни одна сторона ничего не слышит.</translation>
    </message>
    <message>
        <source>The safety codes differ: somebody may stand between you. Say nothing that is not for everybody.</source>
        <translation>Коды безопасности различаются: между вами кто-то может стоять. Не говорите ничего секретного.</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Завершить звонок</translation>
    </message>
    <message>
        <source>You are muted (%1).</source>
        <translation>Микрофон выключен (%1).</translation>
    </message>
    <message>
        <source>You are muted.</source>
        <translation>Микрофон выключен.</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Включить микрофон</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Не зашифровано</translation>
    </message>
    <message>
        <source>%1 is muted</source>
        <translation>%1: микрофон выключен</translation>
    </message>
    <message>
        <source>Talking</source>
        <translation>Вы говорите</translation>
    </message>
    <message>
        <source>Encrypted, verified</source>
        <translation>Зашифровано, проверено</translation>
    </message>
    <message>
        <source>Not the same code</source>
        <translation>Коды не совпадают</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>Зашифровано</translation>
    </message>
</context>
<context>
    <name>KeepRows</name>
    <message>
        <source>Off</source>
        <translation>Выкл.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
    <message>
        <source>Folder for snapshots</source>
        <translation>Папка для снимков</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>Папка для записей</translation>
    </message>
    <message>
        <source>Recordings begin earlier</source>
        <translation>Запись начинается раньше</translation>
    </message>
    <message>
        <source>With what was shown before the key was pressed.</source>
        <translation>С того, что было показано до нажатия клавиши.</translation>
    </message>
    <message>
        <source>Kept for replay</source>
        <translation>Хранится для повтора</translation>
    </message>
    <message>
        <source>Of each stream, in memory.</source>
        <translation>Для каждого потока, в памяти.</translation>
    </message>
    <message>
        <source>Of streams of this computer, too</source>
        <translation>И потоки этого компьютера</translation>
    </message>
    <message>
        <source>Otherwise they come uncompressed, which costs less, and nothing of them is kept before you ask for it.</source>
        <translation>Иначе они приходят несжатыми: это дешевле, и из них ничего не хранится, пока вы не попросите.</translation>
    </message>
    <message>
        <source>Keep the last seconds of streams of this computer, too</source>
        <translation>Хранить последние секунды и для потоков этого компьютера</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Saved %1</source>
        <translation>Сохранено: %1</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Открыть папку</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
    <message>
        <source>The recording has ended: %1</source>
        <translation>Запись закончена: %1</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Не сохранено: %1</translation>
    </message>
    <message>
        <source>%1 can&apos;t be opened: %2</source>
        <translation>Не удаётся открыть %1: %2</translation>
    </message>
</context>
<context>
    <name>KeyRows</name>
    <message>
        <source>%1 is taken by “%2”.</source>
        <translation>%1 уже занята действием «%2».</translation>
    </message>
    <message>
        <source>Press the new key, or Esc.</source>
        <translation>Нажмите новую клавишу или Esc.</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>Keys for %1: %2</source>
        <translation>Клавиши, %1: %2</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Okno</source>
        <translation>Okno</translation>
    </message>
    <message>
        <source>The interface could not be created; the log says why.</source>
        <translation>Интерфейс создать не удалось; причина в журнале.</translation>
    </message>
    <message>
        <source>There is an error in the interface&apos;s files; the last good one stays.</source>
        <translation>В файлах интерфейса ошибка; остаётся последний исправный.</translation>
    </message>
    <message>
        <source>A pack was disabled.</source>
        <translation>Пакет отключён.</translation>
    </message>
</context>
<context>
    <name>NoPast</name>
    <message>
        <source>Nothing to go back to: this stream comes uncompressed.</source>
        <translation>Вернуться некуда: этот поток приходит несжатым.</translation>
    </message>
    <message>
        <source>Nothing to go back to: nothing is kept for replay.</source>
        <translation>Вернуться некуда: для повтора ничего не хранится.</translation>
    </message>
    <message>
        <source>Keep it from now on</source>
        <translation>Хранить с этого момента</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
</context>
<context>
    <name>PackThemes</name>
    <message>
        <source>A theme by %1</source>
        <translation>Тема, автор: %1</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Используется</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Использовать</translation>
    </message>
    <message>
        <source>Use the theme %1</source>
        <translation>Использовать тему «%1»</translation>
    </message>
</context>
<context>
    <name>Past</name>
    <message>
        <source>Nothing is kept for replay: that was chosen in the settings.</source>
        <translation>Для повтора ничего не хранится: так выбрано в настройках.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Replay begins now: %1 came uncompressed, and nothing of it was kept.</source>
        <translation>Повтор начинается сейчас: %1 приходил несжатым, и из него ничего не хранилось.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Nothing of %1 is kept any more.</source>
        <translation>Из %1 больше ничего не хранится.</translation>
    </message>
    <message>
        <source>The last seconds of %1 are kept.</source>
        <translation>Последние секунды %1 хранятся.</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source>System default</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>PinMenu</name>
    <message>
        <source>Pin %1</source>
        <translation>Закрепить %1</translation>
    </message>
    <message>
        <source>Unpin from %1</source>
        <translation>Открепить от %1</translation>
    </message>
    <message>
        <source>Pin to %1</source>
        <translation>Закрепить за %1</translation>
    </message>
    <message>
        <source>There is no stream to pin it to</source>
        <translation>Нет потока, за которым закрепить</translation>
    </message>
</context>
<context>
    <name>PixelInspector</name>
    <message>
        <source>(%1, %2)</source>
        <translation>(%1, %2)</translation>
    </message>
    <message>
        <source>(%1, %2)  R %3  G %4  B %5</source>
        <translation>(%1, %2)  R %3  G %4  B %5</translation>
    </message>
</context>
<context>
    <name>PortProblems</name>
    <message>
        <source>Use another port</source>
        <translation>Взять другой порт</translation>
    </message>
</context>
<context>
    <name>PortRows</name>
    <message>
        <source>Listening</source>
        <translation>Открыт</translation>
    </message>
    <message>
        <source>Use another port</source>
        <translation>Взять другой порт</translation>
    </message>
    <message>
        <source>Another port</source>
        <translation>Другой порт</translation>
    </message>
    <message>
        <source>From this computer only. For others, start Okno with --listen 0.0.0.0:PORT.</source>
        <translation>Только с этого компьютера. Для других запустите Okno с --listen 0.0.0.0:PORT.</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
    <message>
        <source>Port to listen on</source>
        <translation>Порт для ожидания</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Слушать</translation>
    </message>
</context>
<context>
    <name>PreJoin</name>
    <message>
        <source>The camera works</source>
        <translation>Камера работает</translation>
    </message>
    <message>
        <source>The microphone works</source>
        <translation>Микрофон работает</translation>
    </message>
    <message>
        <source>The speaker works</source>
        <translation>Динамик работает</translation>
    </message>
    <message>
        <source>The relay answers at %1</source>
        <translation>Сервер отвечает: %1</translation>
    </message>
    <message>
        <source>No relay answers at %1</source>
        <translation>Сервер не отвечает: %1</translation>
    </message>
    <message>
        <source>Before you call %1</source>
        <translation>Перед звонком: %1</translation>
    </message>
    <message>
        <source>Before you join %1</source>
        <translation>Перед присоединением: %1</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>Перед началом</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Нет камеры</translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation>Уровень микрофона</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Присоединиться</translation>
    </message>
    <message>
        <source>Start the call</source>
        <translation>Начать звонок</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Назад</translation>
    </message>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Ваше изображение, как в зеркале</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Микрофон выключен</translation>
    </message>
    <message>
        <source>Microphone on</source>
        <translation>Микрофон включён</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Включить микрофон</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Выключить микрофон</translation>
    </message>
    <message>
        <source>Camera on</source>
        <translation>Камера включена</translation>
    </message>
    <message>
        <source>Camera off</source>
        <translation>Камера выключена</translation>
    </message>
    <message>
        <source>Turn the camera off</source>
        <translation>Выключить камеру</translation>
    </message>
    <message>
        <source>Turn the camera on</source>
        <translation>Включить камеру</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Камера</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>Нет микрофона</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Динамик</translation>
    </message>
    <message>
        <source>No speaker</source>
        <translation>Нет динамика</translation>
    </message>
    <message>
        <source>Test the speaker</source>
        <translation>Проверить динамик</translation>
    </message>
    <message>
        <source>Speak now…</source>
        <translation>Говорите…</translation>
    </message>
    <message>
        <source>This is how you sound…</source>
        <translation>Так вы звучите…</translation>
    </message>
    <message>
        <source>Record 5 s and play it back</source>
        <translation>Записать 5 с и прослушать</translation>
    </message>
    <message>
        <source>The server answers at %1</source>
        <translation>Сервер отвечает: %1</translation>
    </message>
    <message>
        <source>No server answers at %1</source>
        <translation>Сервер не отвечает: %1</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Соединиться</translation>
    </message>
</context>
<context>
    <name>ProductCards</name>
    <message>
        <source>Products at %1</source>
        <translation>Товары у %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>product, price</comment>
        <translation>%1, %2</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>products</comment>
        <translation>
            <numerusform>ещё %n</numerusform>
            <numerusform>ещё %n</numerusform>
            <numerusform>ещё %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pinned</source>
        <comment>products</comment>
        <translation>
            <numerusform>закреплено: %n</numerusform>
            <numerusform>закреплено: %n</numerusform>
            <numerusform>закреплено: %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProductEditor</name>
    <message>
        <source>New product</source>
        <translation>Новый товар</translation>
    </message>
    <message>
        <source>Edit product</source>
        <translation>Изменить товар</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Название</translation>
    </message>
    <message>
        <source>Name of the product</source>
        <translation>Название товара</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Цена</translation>
    </message>
    <message>
        <source>Price of the product</source>
        <translation>Цена товара</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Описание</translation>
    </message>
    <message>
        <source>Description of the product</source>
        <translation>Описание товара</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Сохранение…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
</context>
<context>
    <name>ProductRow</name>
    <message>
        <source>%1, %2</source>
        <comment>product, price</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Pinned to %1</source>
        <translation>Закреплён за %1</translation>
    </message>
    <message>
        <source>%1 · pinned to %2</source>
        <comment>price, streams</comment>
        <translation>%1 · закреплён за %2</translation>
    </message>
    <message>
        <source>Pin %1 to a stream</source>
        <translation>Закрепить %1 за потоком</translation>
    </message>
    <message>
        <source>Menu</source>
        <comment>key</comment>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>Изменить %1</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>Удалить %1</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
</context>
<context>
    <name>RecordingPill</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>осталось %1</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 МБ</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 ГБ</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>Five seconds back</source>
        <translation>Пять секунд назад</translation>
    </message>
    <message>
        <source>Place in the last seconds</source>
        <translation>Место в последних секундах</translation>
    </message>
    <message>
        <source>Five seconds forward</source>
        <translation>Пять секунд вперёд</translation>
    </message>
    <message>
        <source>To the present</source>
        <translation>К текущему</translation>
    </message>
</context>
<context>
    <name>SafetyCode</name>
    <message>
        <source>Safety code</source>
        <translation>Код безопасности</translation>
    </message>
    <message>
        <source>The same on both screens?</source>
        <translation>Одинаково на обоих экранах?</translation>
    </message>
    <message>
        <source>Read it to each other. If it is the same, nobody stands between you.</source>
        <translation>Прочитайте его друг другу. Если он одинаков, между вами никого нет.</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Проверено</translation>
    </message>
    <message>
        <source>Not the same</source>
        <translation>Не совпадает</translation>
    </message>
    <message>
        <source>Not verified yet</source>
        <translation>Ещё не проверено</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Да</translation>
    </message>
    <message>
        <source>Yes, it is the same</source>
        <translation>Да, одинаково</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>No, it is different</source>
        <translation>Нет, различается</translation>
    </message>
    <message>
        <source>Close the safety code</source>
        <translation>Закрыть код безопасности</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>SaveAsSheet</name>
    <message>
        <source>Save the picture</source>
        <translation>Сохранить картинку</translation>
    </message>
    <message>
        <source>The picture that was on the screen, as the sender&apos;s own JPEG.</source>
        <translation>Картинка, которая была на экране: тот самый JPEG отправителя.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Файл</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Не сохранено: %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
</context>
<context>
    <name>SelfView</name>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Ваше изображение, как в зеркале</translation>
    </message>
    <message>
        <source>Ctrl+Alt and an arrow moves it, + and - change its size, Enter tucks it away.</source>
        <translation>Ctrl+Alt и стрелка перемещают его, + и - меняют размер, Enter убирает к краю.</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Изображения пока нет</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Appearance</source>
        <translation>Внешний вид</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>Просмотр</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Сеть</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Клавиши</translation>
    </message>
    <message>
        <source>About</source>
        <translation>О программе</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Разделы</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Тема</translation>
    </message>
    <message>
        <source>Size of the interface</source>
        <translation>Размер интерфейса</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Размер</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Мелкий</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Обычный</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Крупный</translation>
    </message>
    <message>
        <source>Huge</source>
        <translation>Огромный</translation>
    </message>
    <message>
        <source>Fewer movements</source>
        <translation>Меньше движения</translation>
    </message>
    <message>
        <source>Nothing slides or fades.</source>
        <translation>Ничего не сдвигается и не тает.</translation>
    </message>
    <message>
        <source>Names and figures stay on</source>
        <translation>Имена и числа видны всегда</translation>
    </message>
    <message>
        <source>Otherwise figures show under the pointer only.</source>
        <translation>Иначе числа видны только под указателем.</translation>
    </message>
    <message>
        <source>Fill the tiles</source>
        <translation>Заполнять плитки</translation>
    </message>
    <message>
        <source>Cuts the ends of pictures of another shape.</source>
        <translation>Срезает края изображений другой формы.</translation>
    </message>
    <message>
        <source>Window fits the first picture</source>
        <translation>Окно по размеру первого изображения</translation>
    </message>
    <message>
        <source>As large as the picture, as far as the screen allows.</source>
        <translation>Размером с изображение, насколько позволяет экран.</translation>
    </message>
    <message>
        <source>Tell when streams come and go</source>
        <translation>Сообщать о подключениях и отключениях</translation>
    </message>
    <message>
        <source>Single keys</source>
        <translation>Одиночные клавиши</translation>
    </message>
    <message>
        <source>Keys without Ctrl or Alt, such as F or Space.</source>
        <translation>Клавиши без Ctrl и Alt, например F или пробел.</translation>
    </message>
    <message>
        <source>Okno %1</source>
        <translation>Okno %1</translation>
    </message>
    <message>
        <source>Shows live camera frames from OpenCV programs anywhere on the network.</source>
        <translation>Показывает кадры камер из программ на OpenCV по сети.</translation>
    </message>
    <message>
        <source>Drawn with: %1</source>
        <translation>Отрисовка: %1</translation>
    </message>
    <message>
        <source>Fonts: Inter and JetBrains Mono (SIL Open Font License). Icons: Lucide (ISC and MIT).</source>
        <translation>Шрифты: Inter и JetBrains Mono (SIL Open Font License). Значки: Lucide (ISC и MIT).</translation>
    </message>
    <message>
        <source>Designer</source>
        <translation>Оформителю</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Сохранение</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Поиск</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Поиск в настройках</translation>
    </message>
    <message>
        <source>No setting is called that.</source>
        <translation>Такой настройки нет.</translation>
    </message>
    <message>
        <source>Colour of accents</source>
        <translation>Цвет акцентов</translation>
    </message>
    <message>
        <source>Accents</source>
        <translation>Акценты</translation>
    </message>
    <message>
        <source>As in the theme</source>
        <translation>Как в теме</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Зелёный</translation>
    </message>
    <message>
        <source>Amber</source>
        <translation>Янтарный</translation>
    </message>
    <message>
        <source>Pink</source>
        <translation>Розовый</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Фиолетовый</translation>
    </message>
</context>
<context>
    <name>SettingsRow</name>
    <message>
        <source>Reset %1</source>
        <translation>Сбросить: %1</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>%1 is the key of two actions; change one in Settings, Keys.</source>
        <translation>%1 назначена двум действиям; измените одно в разделе «Настройки», «Клавиши».</translation>
    </message>
    <message>
        <source>%1 connected</source>
        <translation>Подключено: %1</translation>
    </message>
    <message>
        <source>%1 has left</source>
        <translation>%1: соединение закрыто</translation>
    </message>
    <message>
        <source>%1 has left: %2</source>
        <translation>%1: соединение закрыто (%2)</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>Удалено: %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Removed %1</source>
        <translation>Убрано: %1</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Сочетания клавиш</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>action: keys</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>StatsOverlay</name>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>No streams</source>
        <translation>Нет потоков</translation>
    </message>
    <message>
        <source>%1 has stopped sending</source>
        <translation>%1: кадры больше не приходят</translation>
    </message>
    <message>
        <source>Broken frames from %1</source>
        <translation>Испорченные кадры: %1</translation>
    </message>
    <message>
        <source>Limited by this machine: %1 % of %2 dropped</source>
        <translation>Не успевает этот компьютер: пропущено %1 % (%2)</translation>
    </message>
    <message>
        <source>Limited by the processor: %1 is %2 ms late</source>
        <translation>Не успевает процессор: %1 отстаёт на %2 мс</translation>
    </message>
    <message>
        <source>Limited by the way here: %1 is %2 ms late</source>
        <translation>Задержка в пути: %1 отстаёт на %2 мс</translation>
    </message>
    <message numerus="yes">
        <source>All is well: %n live</source>
        <translation>
            <numerusform>Всё хорошо: %n в эфире</numerusform>
            <numerusform>Всё хорошо: %n в эфире</numerusform>
            <numerusform>Всё хорошо: %n в эфире</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 / %2 / %3 ms</source>
        <translation>%1 / %2 / %3 мс</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Копировать как JSON</translation>
    </message>
    <message>
        <source>Close statistics</source>
        <translation>Закрыть статистику</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Формат</translation>
    </message>
    <message>
        <source>%1, %2 × %3</source>
        <translation>%1, %2 × %3</translation>
    </message>
    <message>
        <source>Received / decoded / shown</source>
        <translation>Получено / декодировано / показано</translation>
    </message>
    <message>
        <source>%1 / %2 / %3</source>
        <translation>%1 / %2 / %3</translation>
    </message>
    <message>
        <source>Dropped / invalid</source>
        <translation>Пропущено / испорчено</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Latency p50 / p95 / max</source>
        <translation>Задержка p50 / p95 / макс.</translation>
    </message>
    <message>
        <source>CPU %1 % of a core, memory %2 MB, renderer %3</source>
        <translation>ЦП %1 % ядра, память %2 МБ, отрисовка %3</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>stage, milliseconds</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>sum %1 ms</source>
        <translation>всего %1 мс</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>захват</translation>
    </message>
    <message>
        <source>encode</source>
        <translation>кодирование</translation>
    </message>
    <message>
        <source>network</source>
        <translation>сеть</translation>
    </message>
    <message>
        <source>queue</source>
        <translation>очередь</translation>
    </message>
    <message>
        <source>decode</source>
        <translation>декодирование</translation>
    </message>
    <message>
        <source>present</source>
        <translation>показ</translation>
    </message>
    <message>
        <source>none: in memory, uncompressed</source>
        <translation>нет: в памяти, без сжатия</translation>
    </message>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Мбит/с</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>what is counted: its value</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Bitrate</source>
        <translation>Скорость потока</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Копировать как текст</translation>
    </message>
</context>
<context>
    <name>StreamList</name>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n на паузе</numerusform>
            <numerusform>%n на паузе</numerusform>
            <numerusform>%n на паузе</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n в эфире</numerusform>
            <numerusform>%n в эфире</numerusform>
            <numerusform>%n в эфире</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stalled</source>
        <translation>
            <numerusform>%n без кадров</numerusform>
            <numerusform>%n без кадров</numerusform>
            <numerusform>%n без кадров</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n offline</source>
        <translation>
            <numerusform>%n не в сети</numerusform>
            <numerusform>%n не в сети</numerusform>
            <numerusform>%n не в сети</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StreamMenu</name>
    <message>
        <source>Stream %1</source>
        <translation>Поток %1</translation>
    </message>
    <message>
        <source>Back to the wall</source>
        <translation>Назад к стене</translation>
    </message>
    <message>
        <source>Large picture</source>
        <translation>Крупно</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>Пауза или продолжить</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Закончить запись</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Записать</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Remove the stream</source>
        <translation>Убрать поток</translation>
    </message>
    <message>
        <source>Pin a product…</source>
        <translation>Закрепить товар…</translation>
    </message>
</context>
<context>
    <name>StreamStatus</name>
    <message>
        <source>Offline for %1</source>
        <translation>Не в сети %1</translation>
    </message>
    <message>
        <source>No frames for %1</source>
        <translation>Нет кадров %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Пауза</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Подключение</translation>
    </message>
    <message>
        <source>Updated %1 ago</source>
        <translation>Обновлено %1 назад</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>Медленно</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Прямой эфир</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 с</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 мин</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 ч</translation>
    </message>
    <message numerus="yes">
        <source>Paused · %n new</source>
        <translation>
            <numerusform>Пауза · %n новый</numerusform>
            <numerusform>Пауза · %n новых</numerusform>
            <numerusform>Пауза · %n новых</numerusform>
        </translation>
    </message>
    <message>
        <source>Replay %1</source>
        <translation>Повтор %1</translation>
    </message>
</context>
<context>
    <name>Theme</name>
    <message>
        <source>Dark</source>
        <translation>Тёмная</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлая</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Контрастная</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Connecting to %1…</source>
        <translation>Соединение с %1…</translation>
    </message>
    <message>
        <source>Agreeing on keys…</source>
        <translation>Согласование ключей…</translation>
    </message>
    <message>
        <source>Waiting for the other person…</source>
        <translation>Ожидание собеседника…</translation>
    </message>
    <message>
        <source>The other person needs the same session code.</source>
        <translation>Собеседнику нужен тот же код сеанса.</translation>
    </message>
    <message>
        <source>Give them this code. It works once, for one person, for ten minutes.</source>
        <translation>Передайте собеседнику этот код. Он действует один раз, для одного человека, десять минут.</translation>
    </message>
    <message>
        <source>Both ends are proving to each other that they know the code.</source>
        <translation>Обе стороны доказывают друг другу, что знают код.</translation>
    </message>
    <message>
        <source>QR code of the link</source>
        <translation>QR-код ссылки</translation>
    </message>
    <message>
        <source>or let them scan this:</source>
        <translation>или дайте отсканировать:</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Ваше изображение, как в зеркале</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Скопировать код</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>Скопировать ссылку</translation>
    </message>
</context>
<context>
    <name>WallGrid</name>
    <message>
        <source>Streams</source>
        <translation>Потоки</translation>
    </message>
</context>
<context>
    <name>WallPage</name>
    <message>
        <source>No stream is called that.</source>
        <translation>Потока с таким именем нет.</translation>
    </message>
    <message>
        <source>Name of a stream</source>
        <translation>Имя потока</translation>
    </message>
</context>
<context>
    <name>WallTile</name>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 fps</source>
        <translation>%1 к/с</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 мс</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Снимок</translation>
    </message>
    <message>
        <source>Large picture</source>
        <translation>Крупно</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>What can be done with %1</source>
        <translation>Что можно сделать с %1</translation>
    </message>
</context>
<context>
    <name>WallToolbar</name>
    <message>
        <source>Auto</source>
        <comment>columns</comment>
        <translation>Авто</translation>
    </message>
    <message>
        <source>Fewer columns</source>
        <translation>Меньше столбцов</translation>
    </message>
    <message>
        <source>More columns</source>
        <translation>Больше столбцов</translation>
    </message>
    <message>
        <source>Fill the tiles</source>
        <translation>Заполнять плитки</translation>
    </message>
    <message>
        <source>Names and figures</source>
        <translation>Имена и числа</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Остановить все</translation>
    </message>
    <message>
        <source>Add source</source>
        <translation>Добавить источник</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Статистика</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Выйти из полного экрана</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Во весь экран</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Товары</translation>
    </message>
    <message>
        <source>Stop all recordings</source>
        <translation>Остановить все записи</translation>
    </message>
    <message>
        <source>Record all</source>
        <translation>Записывать всё</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
</context>
</TS>
