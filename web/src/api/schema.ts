// Written by `npm run types` from the server's openapi.json.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A point of the agenda. */
        AgendaPoint: {
            title: string;
            /**
             * Format: int32
             * @description How long it is meant to take.
             */
            minutes?: number | null;
            /** @description Who speaks. */
            speaker?: string | null;
        };
        Answer: {
            mark: components["schemas"]["RollMark"];
            at: components["schemas"]["UtcMs"];
            /** @description The chair answered for it. */
            is_by_chair: boolean;
        };
        /**
         * @description How the computers of a venue answer: somebody presses a key there; by themselves when the chair calls; or also when a meeting opens.
         * @enum {string}
         */
        Answers: "by_hand" | "when_called" | "at_start";
        /** @description A piece cut from a tape, published in a column. */
        Asset: {
            id: components["schemas"]["AssetId"];
            title: string;
            description: string;
            column: components["schemas"]["ColumnId"];
            channel: components["schemas"]["ChannelId"];
            channel_title: string;
            /** @description The programme's times. */
            start: components["schemas"]["UtcMs"];
            end: components["schemas"]["UtcMs"];
            /** @description What was cut, or will be. */
            from: components["schemas"]["UtcMs"];
            to: components["schemas"]["UtcMs"];
            /** Format: int64 */
            duration_ms: number;
            state: components["schemas"]["AssetState"];
            /**
             * Format: double
             * @description 0 to 1 while it is taped or transcoded.
             */
            progress?: number | null;
            error?: string | null;
            /** @description It can be played now, whatever its state. */
            playable: boolean;
            master_url: string;
            poster_url?: string | null;
            thumbnails_url?: string | null;
            renditions: components["schemas"]["Rendition"][];
            /** @description Stretches for which the tape holds nothing. */
            gaps: components["schemas"]["MissingStretch"][];
            created: components["schemas"]["UtcMs"];
        };
        /** @description Changes to an asset; what is absent stays. */
        AssetChange: {
            title?: string | null;
            description?: string | null;
            column?: null | components["schemas"]["ColumnId"];
        };
        /** @description An asset of the library. */
        AssetId: string;
        /**
         * @description Where an asset is on its way.
         * @enum {string}
         */
        AssetState: "taping" | "queued" | "transcoding" | "ready" | "failed" | "cancelled";
        Attendance: {
            /** @description In the order of the tree of units; venues that were not booked last. */
            items: components["schemas"]["Attended"][];
            /** @description Venues that were in at all, of those that were expected. */
            attended: number;
            expected: number;
            /** @description Of the roll. */
            present: number;
            late: number;
            absent: number;
            /**
             * Format: int64
             * @description People of the venues that were in.
             */
            people: number;
            /**
             * Format: int64
             * @description Of them: typed in during the meeting, announced by reply, and one for each venue that said nothing.
             */
            people_typed: number;
            /** Format: int64 */
            people_replied: number;
            /** Format: int64 */
            people_assumed: number;
        };
        /** @description A line of the list. */
        Attended: {
            venue: components["schemas"]["VenueId"];
            title: string;
            /** @description Where it belongs, from the top; empty where it was not booked. */
            unit: string;
            is_main: boolean;
            is_expected: boolean;
            mark?: null | components["schemas"]["RollMark"];
            marked_at?: null | components["schemas"]["UtcMs"];
            /** @description The chair or the desk answered for it. */
            is_marked_by_chair: boolean;
            /**
             * Format: int32
             * @description As it was typed in, or else announced.
             */
            headcount?: number | null;
            counted?: null | components["schemas"]["Counted"];
            stays: components["schemas"]["Stayed"][];
            /**
             * Format: int64
             * @description In all, up to now or the meeting's end.
             */
            milliseconds: number;
        };
        Audience: string;
        /** @enum {string} */
        BallotKind: "vote" | "sign_in";
        /** @description A vote or sign-in, without who chose what. */
        BallotShown: {
            kind: components["schemas"]["BallotKind"];
            title: string;
            options: string[];
            is_secret: boolean;
            begun: components["schemas"]["UtcMs"];
            ended?: null | components["schemas"]["UtcMs"];
            counts: number[];
            voted: number;
        };
        /** @description A whole board. */
        Board: {
            /**
             * Format: int64
             * @description Grows with every change.
             */
            version: number;
            /**
             * Format: int32
             * @description Which all screens show.
             */
            page: number;
            /** Format: int32 */
            pages: number;
            /** @description In the order in which they were drawn. */
            strokes: components["schemas"]["Drawn"][];
        };
        /** @description What is done on the board. */
        BoardAct: {
            stroke: components["schemas"]["Stroke"];
            /** @enum {string} */
            act: "draw";
        } | {
            strokes: string[];
            /** @enum {string} */
            act: "erase";
        } | {
            /** Format: int32 */
            page: number;
            /** @enum {string} */
            act: "clear";
        } | {
            /** Format: int32 */
            page: number;
            /** @enum {string} */
            act: "turn";
        };
        BoardDone: {
            /**
             * Format: int64
             * @description Of the board on which it is done.
             */
            version: number;
        };
        /** @description A venue or person that another meeting has at the time. */
        Busy: {
            venue: components["schemas"]["VenueId"];
            title: string;
            /** @description The other meeting. */
            meeting: components["schemas"]["MeetingId"];
            /** @description Its title, if the caller may see it. */
            meeting_title?: string | null;
            unit: components["schemas"]["UnitId"];
            unit_title: string;
            /** @description The name of who booked it. */
            booked_by: string;
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
        };
        ByNumber: {
            /** @description As people type it: with blanks and dashes, if they like. */
            number: string;
        };
        /** @description Somebody rings. */
        Call: {
            meeting: components["schemas"]["MeetingId"];
            title: string;
            why: components["schemas"]["CallWhy"];
            since: components["schemas"]["UtcMs"];
        };
        /** @enum {string} */
        CallWhy: "chair" | "opened";
        /** @description Somebody rings for a person, or for the venue of their unit. */
        CalledPerson: {
            meeting: components["schemas"]["MeetingId"];
            title: string;
            /** @description Who is called. */
            venue: components["schemas"]["VenueId"];
            venue_title: string;
            since: components["schemas"]["UtcMs"];
        };
        Cancel: {
            scope?: components["schemas"]["Scope"];
            /** @description Told to everyone. */
            reason?: string;
        };
        ChangePassword: {
            old: string;
            new: string;
        };
        ChangeSelf: {
            /** @description Where notices go by mail; null: nowhere. */
            email?: string | null;
        };
        /** @description A channel with its signal and what is on. */
        Channel: components["schemas"]["ChannelSettings"] & {
            signal: components["schemas"]["Signal"];
            now?: null | components["schemas"]["Programme"];
            next?: null | components["schemas"]["Programme"];
            live_url: string;
        };
        ChannelCounts: {
            /** Format: int32 */
            ok: number;
            /** Format: int32 */
            starting: number;
            /** Format: int32 */
            missing: number;
            /** Format: int32 */
            error: number;
            /** Format: int32 */
            off: number;
        };
        /** @description A channel, named by its operator: lower-case letters, digits and dashes (`cctv1`). */
        ChannelId: string;
        /** @description A channel as it was set up. */
        ChannelSettings: {
            id: components["schemas"]["ChannelId"];
            title: string;
            source: components["schemas"]["SourceSettings"];
            /**
             * Format: int32
             * @description The service's number in its multiplex; absent where it is the only one.
             */
            service?: number | null;
            /** @description The character set of guide texts that do not name theirs. */
            charset?: string | null;
            /**
             * Format: int32
             * @description Hours of tape that are kept; absent: as configured.
             */
            keep_hours?: number | null;
            /**
             * Format: int64
             * @description Bytes of tape that are kept at most; absent: as configured.
             */
            keep_bytes?: number | null;
            enabled: boolean;
            audience: string;
            unit: components["schemas"]["UnitId"];
        };
        /** @enum {string} */
        Chat: "open" | "moderated" | "off";
        /** @description What a booking would do. */
        Check: {
            fits: boolean;
            occurrences: components["schemas"]["OccurrenceCheck"][];
        };
        /** @description A venue as which somebody may come. */
        Choice: {
            venue: components["schemas"]["VenueId"];
            title: string;
        };
        ClaimPairing: {
            secret: string;
        };
        Claimed: {
            state: components["schemas"]["PairingState"];
        };
        /** @enum {string} */
        Colour: "ink" | "red" | "blue" | "green" | "orange";
        /** @description A column of the library. */
        Column: {
            /** @description Lower-case letters, digits and dashes; stands in addresses. */
            id: components["schemas"]["ColumnId"];
            title: string;
            /** @description `public` (signed in, or on a named network), `signed_in`, or `network:<name>`. */
            audience?: string;
            unit?: null | components["schemas"]["UnitId"];
            /** Format: int64 */
            position?: number;
            on_front?: boolean;
        };
        /** @description Changes to a column; what is absent stays. */
        ColumnChange: {
            title?: string | null;
            audience?: string | null;
            unit?: null | components["schemas"]["UnitId"];
            /** Format: int64 */
            position?: number | null;
            on_front?: boolean | null;
        };
        /** @description A column of the library, named like a channel (`news`). */
        ColumnId: string;
        /** @description What somebody does. */
        Command: {
            /** @enum {string} */
            act: "open";
        } | {
            /** @enum {string} */
            act: "call_roll";
        } | {
            /** @enum {string} */
            act: "end_roll";
        } | {
            venue: components["schemas"]["VenueId"];
            mark: components["schemas"]["RollMark"];
            /** @enum {string} */
            act: "mark_roll";
        } | {
            /** @enum {string} */
            act: "begin";
        } | {
            until?: null | components["schemas"]["UtcMs"];
            /** @enum {string} */
            act: "pause";
        } | {
            /** @enum {string} */
            act: "resume";
        } | {
            /** Format: int32 */
            minutes: number;
            /** @enum {string} */
            act: "extend";
        } | {
            /** @enum {string} */
            act: "close";
        } | {
            mode: components["schemas"]["Mode"];
            /** @enum {string} */
            act: "set_mode";
        } | {
            to: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "hand_over";
        } | {
            /** @enum {string} */
            act: "reclaim";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "broadcast";
        } | {
            /** @enum {string} */
            act: "end_broadcast";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "look";
        } | {
            /** @enum {string} */
            act: "end_look";
        } | {
            venue?: null | components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "return_picture";
        } | {
            screen: components["schemas"]["Screen"];
            venues: components["schemas"]["VenueId"][];
            /** Format: int32 */
            seconds: number;
            at_once?: number | null;
            /** @enum {string} */
            act: "poll";
        } | {
            screen: components["schemas"]["Screen"];
            /** @enum {string} */
            act: "pause_poll";
        } | {
            screen: components["schemas"]["Screen"];
            /** @enum {string} */
            act: "resume_poll";
        } | {
            screen: components["schemas"]["Screen"];
            /** @enum {string} */
            act: "step_poll";
        } | {
            screen: components["schemas"]["Screen"];
            /** @enum {string} */
            act: "stop_poll";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "give_floor";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "take_floor";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "dismiss_hand";
        } | {
            whom: components["schemas"]["Whom"];
            /** @enum {string} */
            act: "mute";
        } | {
            whom: components["schemas"]["Whom"];
            /** @enum {string} */
            act: "unmute";
        } | {
            locked: boolean;
            /** @enum {string} */
            act: "lock_mute";
        } | {
            venue: components["schemas"]["VenueId"];
            off: boolean;
            /** @enum {string} */
            act: "camera";
        } | {
            layout: components["schemas"]["Layout"];
            /** @enum {string} */
            act: "set_layout";
        } | {
            text: string;
            /** @enum {string} */
            act: "set_banner";
        } | {
            text: string;
            /** @enum {string} */
            act: "set_subtitle";
        } | {
            title: string;
            options: string[];
            is_secret: boolean;
            /** @enum {string} */
            act: "start_vote";
        } | {
            title: string;
            /** @enum {string} */
            act: "start_sign_in";
        } | {
            /** @enum {string} */
            act: "end_ballot";
        } | {
            venue: components["schemas"]["VenueId"];
            title: string;
            /** @enum {string} */
            act: "invite";
        } | {
            venue?: null | components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "redial";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "remove";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "admit";
        } | {
            venue: components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "turn_away";
        } | {
            locked: boolean;
            /** @enum {string} */
            act: "lock_door";
        } | {
            /** Format: int32 */
            at?: number | null;
            /** @enum {string} */
            act: "set_agenda";
        } | {
            venue: components["schemas"]["VenueId"];
            allowed: boolean;
            /** @enum {string} */
            act: "allow_share";
        } | {
            chat: components["schemas"]["Chat"];
            /** @enum {string} */
            act: "set_chat";
        } | {
            venue: components["schemas"]["VenueId"];
            language: components["schemas"]["Language"];
            named: boolean;
            /** @enum {string} */
            act: "set_interpreter";
        } | {
            on: boolean;
            /** @enum {string} */
            act: "set_reactions";
        } | {
            open: boolean;
            /** @enum {string} */
            act: "open_board";
        } | {
            paper: components["schemas"]["PaperId"];
            /** Format: int32 */
            page: number;
            /** @enum {string} */
            act: "show_paper";
        } | {
            /** @enum {string} */
            act: "hide_paper";
        } | {
            /** @enum {string} */
            act: "answer_roll";
        } | {
            /** @enum {string} */
            act: "raise_hand";
        } | {
            /** @enum {string} */
            act: "lower_hand";
        } | {
            muted: boolean;
            /** @enum {string} */
            act: "mute_self";
        } | {
            on: boolean;
            /** @enum {string} */
            act: "share";
        } | {
            /** Format: int32 */
            choice: number;
            /** @enum {string} */
            act: "cast";
        } | {
            /** Format: int32 */
            headcount?: number | null;
            /** @enum {string} */
            act: "sign_in";
        } | {
            /** Format: int32 */
            people: number;
            /** @enum {string} */
            act: "headcount";
        } | {
            language: components["schemas"]["Language"];
            on: boolean;
            /** @enum {string} */
            act: "interpret";
        } | {
            language: components["schemas"]["Language"];
            to?: null | components["schemas"]["VenueId"];
            /** @enum {string} */
            act: "offer_interpreting";
        };
        CommandDone: {
            /**
             * Format: int64
             * @description Of the state in which it is done.
             */
            version: number;
        };
        /** @description What chair and desk see: everything. */
        ConductView: {
            shown: components["schemas"]["Shown"];
            /** @description In the order of the list. */
            venues: components["schemas"]["VenueView"][];
            roll: components["schemas"]["Roll"];
            look?: null | components["schemas"]["VenueId"];
            chair_poll?: null | components["schemas"]["Poll"];
            /** @description What the chair's screen shows. */
            scene: components["schemas"]["Scene"];
            past_ballots: components["schemas"]["BallotShown"][];
        };
        /**
         * @description By what the people of a venue are counted.
         * @enum {string}
         */
        Counted: "typed" | "reply" | "one";
        /** @enum {string} */
        DayOfWeek: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        DeskPerson: {
            person: components["schemas"]["PersonId"];
            name: string;
            duty: components["schemas"]["Duty"];
            /** @description The chair, or the leader they act for. */
            acts_for: components["schemas"]["PersonId"];
        };
        Disk: {
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            free: number;
            /**
             * Format: int64
             * @description Never used by media.
             */
            reserve: number;
            /** Format: int64 */
            tapes_bytes: number;
            /** Format: int64 */
            assets_bytes: number;
            /**
             * Format: double
             * @description When tapes reach the reserve, at their present pace; absent where they do not grow any more.
             */
            full_in_hours?: number | null;
        };
        Distribute: {
            /** @description All when absent. */
            papers?: components["schemas"]["PaperId"][] | null;
        };
        Drawn: {
            /** @description A venue, or `desk`. */
            by: string;
            stroke: components["schemas"]["Stroke"];
        };
        /**
         * @description What someone at the desk does: a clerk runs it for the chair, a secretary acts for a leader.
         * @enum {string}
         */
        Duty: "clerk" | "secretary";
        /** @description An entry as it is read. */
        Entry: {
            /** Format: int64 */
            sequence: number;
            at: components["schemas"]["UtcMs"];
            /** @description `person`, `token`, `server` or `anonymous`. */
            actor: string;
            person?: null | components["schemas"]["PersonId"];
            person_name?: string | null;
            token?: null | components["schemas"]["TokenId"];
            address?: string | null;
            /** @description Noun and verb: `channel.create`. */
            action: string;
            /** @description The id of what was changed. */
            object: string;
            unit?: null | components["schemas"]["UnitId"];
            before?: Record<string, never> | null;
            after?: Record<string, never> | null;
        };
        /**
         * @description The stable identity of a programme of a channel: it stays the same while title and times change.
         *
         *     `eit:<network>.<transport stream>.<service>.<event>@<date>` with the numbers in decimal and the UTC date on which the event began
         *     when it was first seen (event ids come round again after days, with some head-ends every day), or
         *     `slot:<id>@<date>` with the date in the zone.
         */
        EventKey: string;
        /** @description On which days. */
        Every: {
            /** @enum {string} */
            on: "day";
        } | {
            /** @enum {string} */
            on: "workday";
        } | {
            days: components["schemas"]["DayOfWeek"][];
            /** @enum {string} */
            on: "week";
        } | {
            /** Format: int32 */
            day: number;
            /** @enum {string} */
            on: "month_day";
        } | {
            /** Format: int32 */
            nth: number;
            day: components["schemas"]["DayOfWeek"];
            /** @enum {string} */
            on: "month_weekday";
        };
        Floor: {
            /** @description Who has it, the latest last. */
            holders: components["schemas"]["VenueId"][];
            /** @description Who asks for it, the first first. */
            hands: components["schemas"]["Hand"][];
        };
        /** @description What an official sees in the morning. */
        Front: {
            /** @description The day of `news`, in the configured zone. */
            date: string;
            /** @description That day is yesterday. Where yesterday has nothing, it is the newest day that has. */
            is_yesterday: boolean;
            news: components["schemas"]["Asset"][];
            live: components["schemas"]["Channel"][];
            columns: components["schemas"]["FrontColumn"][];
        };
        FrontColumn: {
            column: components["schemas"]["Column"];
            items: components["schemas"]["Asset"][];
        };
        Frozen: {
            /**
             * Format: int32
             * @description How long the picture that is looked at stood still since this was last told.
             */
            frozen_ms: number;
        };
        /** @enum {string} */
        Grade: "good" | "fair" | "poor";
        Grant: {
            id: components["schemas"]["GrantId"];
            person: components["schemas"]["PersonId"];
            role: components["schemas"]["Role"];
            /** @description The role is valid on this unit and on all below it. */
            unit: components["schemas"]["UnitId"];
            created: components["schemas"]["UtcMs"];
        };
        /** @description A role given to a person on a unit. */
        GrantId: string;
        Guest: {
            venue: components["schemas"]["VenueId"];
            name: string;
            created: components["schemas"]["UtcMs"];
        };
        GuestLink: {
            id: components["schemas"]["GuestLinkId"];
            meeting: components["schemas"]["MeetingId"];
            /** @description Whom it is for. */
            title: string;
            /**
             * Format: int32
             * @description So many guests come by it.
             */
            most: number;
            /** @description Its guests come in with the venues; those of other links are let in by the chair, one by one. */
            walks_in: boolean;
            expires?: null | components["schemas"]["UtcMs"];
            made_by?: null | components["schemas"]["PersonId"];
            made_by_name: string;
            created: components["schemas"]["UtcMs"];
            revoked?: null | components["schemas"]["UtcMs"];
            /** @description The guests who came by it. */
            guests: components["schemas"]["Guest"][];
        };
        /** @description A link by which guests come into a meeting (not its secret). */
        GuestLinkId: string;
        /** @description What whoever has the link sees of the meeting. */
        GuestView: {
            title: string;
            notice: string;
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            /** @description They come in by themselves; else the chair lets them in. */
            walks_in: boolean;
            /** @description The name of the seat that this browser has already. */
            seat?: string | null;
        };
        /** @description A raised hand. */
        Hand: {
            venue: components["schemas"]["VenueId"];
            since: components["schemas"]["UtcMs"];
        };
        /** @description A meeting that has a share of a line. */
        Holder: {
            meeting: components["schemas"]["MeetingId"];
            /** @description If the caller may see it. */
            title?: string | null;
            unit: components["schemas"]["UnitId"];
            unit_title: string;
        };
        /** @enum {string} */
        HolderKind: "site" | "person" | "meeting";
        /** @description What an import did, or, with errors or as a dry run, would do. */
        ImportReport: {
            created: number;
            updated: number;
            unchanged: number;
            /** @description Any error, and nothing is done. */
            errors: components["schemas"]["LineError"][];
            /** @description Whether it was done. */
            applied: boolean;
        };
        /** @description A language into which the meeting is interpreted. */
        Interpreted: {
            language: components["schemas"]["Language"];
            /** @description Who may, as named by the chair. */
            interpreters: components["schemas"]["VenueId"][];
            on_air?: null | components["schemas"]["VenueId"];
            offered?: null | components["schemas"]["VenueId"];
        };
        /** @description A site or a person, as a booking names it. */
        Invitee: {
            venue: components["schemas"]["VenueId"];
            title: string;
            unit: components["schemas"]["UnitId"];
            unit_title: string;
        };
        /** @description A durable job. */
        Job: {
            id: components["schemas"]["JobId"];
            kind: string;
            asset: components["schemas"]["AssetId"];
            title: string;
            state: components["schemas"]["JobState"];
            /**
             * Format: double
             * @description 0 to 1.
             */
            progress: number;
            /**
             * Format: int64
             * @description How long it will probably take, while it runs.
             */
            eta_seconds?: number | null;
            /** Format: int32 */
            attempts: number;
            error?: string | null;
            created: components["schemas"]["UtcMs"];
            started?: null | components["schemas"]["UtcMs"];
            finished?: null | components["schemas"]["UtcMs"];
        };
        JobCounts: {
            /** Format: int32 */
            queued: number;
            /** Format: int32 */
            running: number;
            /** Format: int32 */
            failed: number;
        };
        /** @description A durable job. */
        JobId: string;
        /** @enum {string} */
        JobState: "queued" | "running" | "done" | "failed" | "cancelled";
        JoinAsGuest: {
            link: string;
            /** @description As everybody will see it; who has a seat already keeps its name. */
            name: string;
        };
        JoinMeeting: {
            venue?: null | components["schemas"]["VenueId"];
        };
        /** @enum {string} */
        JoinState: "open" | "waiting";
        JoinedMeeting: {
            state: components["schemas"]["JoinState"];
            title: string;
            /** @description What the main venue says to those who wait. */
            notice: string;
            agenda: components["schemas"]["AgendaPoint"][];
            /**
             * Format: int32
             * @description The point that is discussed now.
             */
            agenda_at?: number | null;
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            venue: components["schemas"]["VenueId"];
            venue_title: string;
            /** @description The venues as which the caller may come. */
            choices: components["schemas"]["Choice"][];
            /** @description The caller may run the desk. */
            may_steer: boolean;
            room: string;
            /** @description The access token, where the door is open. */
            token?: string | null;
            expires_at?: null | components["schemas"]["UtcMs"];
        };
        /** @description A language by its tag (BCP 47): `ug` Uyghur, `bo` Tibetan, `mn-Mong` Mongolian in its old script. */
        Language: string;
        /**
         * @description How the room is shown where nobody chose otherwise.
         * @enum {string}
         */
        Layout: "speaker" | "grid" | "main_with_sides" | "slides_beside_speaker";
        LevelRate: {
            level: string;
            /** Format: int32 */
            yuan: number;
        };
        LineError: {
            /**
             * Format: int64
             * @description Where the row begins in the file; 1 is the header.
             */
            line: number;
            message: string;
        };
        /** @description A room where somebody is, or was a moment ago. */
        LiveRoom: {
            name: string;
            sid: string;
            /** Format: int32 */
            participants: number;
            /** Format: int32 */
            publishers: number;
            /** Format: int64 */
            created_at: number;
        };
        LookAsGuest: {
            /** @description The secret of the link: what follows `#` in its address. */
            link: string;
        };
        /** @description A new link with its secret, which is shown this once. */
        MadeGuestLink: components["schemas"]["GuestLink"] & {
            /** @description The address on this server. What follows `#` is not sent by browsers, so it is in no log. */
            path: string;
        };
        /** @description A new token with its text, which is shown this once. */
        MadeToken: components["schemas"]["Token"] & {
            token: string;
        };
        /** @description On at least one unit. */
        May: {
            operate: boolean;
            edit: boolean;
            administer: boolean;
            audit: boolean;
        };
        /** @description Who the caller is and what they may do. */
        Me: {
            person?: null | components["schemas"]["MyPerson"];
            /** @description The named network the caller is on. */
            network?: string | null;
            roles: components["schemas"]["MyRole"][];
            may: components["schemas"]["May"];
            /** @description The highest rung to play here: `480p`; null: any. */
            highest_rung?: string | null;
        };
        Meeting: {
            id: components["schemas"]["MeetingId"];
            series?: null | components["schemas"]["SeriesId"];
            /** @description The unit that booked it. */
            unit: components["schemas"]["UnitId"];
            title: string;
            mode: components["schemas"]["Mode"];
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            chair: components["schemas"]["PersonId"];
            chair_name: string;
            desk: components["schemas"]["DeskPerson"][];
            /** @description The main venue is the first. */
            venues: components["schemas"]["MeetingVenue"][];
            agenda: components["schemas"]["AgendaPoint"][];
            papers: components["schemas"]["Paper"][];
            column?: null | components["schemas"]["ColumnId"];
            /** @description Who may watch: `public`, `signed_in` or `network:<name>`. */
            audience: string;
            /** @description Whoever is signed in may join without being invited. */
            walk_in: boolean;
            /** @description Shown in the waiting room. */
            notice: string;
            /** @description By which it is joined and called; a series has one together. It is in the number plan, not among the meeting's columns. */
            number?: string | null;
            /** @description The picture that every receiver gets and that lines are reserved for. */
            picture: components["schemas"]["PictureSize"];
            /**
             * Format: int32
             * @description Picture and sound of one receiver.
             */
            copy_kbps: number;
            state: components["schemas"]["MeetingState"];
            taken_by?: null | components["schemas"]["MeetingId"];
            /**
             * Format: int32
             * @description How often it was changed.
             */
            revision: number;
            booked_by?: null | components["schemas"]["PersonId"];
            booked_by_name: string;
            created: components["schemas"]["UtcMs"];
            started?: null | components["schemas"]["UtcMs"];
            ended?: null | components["schemas"]["UtcMs"];
        };
        /** @description A meeting, also the name of its live room. */
        MeetingId: string;
        /** @description A paper, as who asks sees it. */
        MeetingPaper: {
            id: components["schemas"]["PaperId"];
            title: string;
            file_name: string;
            kind: components["schemas"]["PaperKind"];
            media_type: string;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int32
             * @description The point of the agenda it belongs to, from 0.
             */
            point?: number | null;
            venue?: null | components["schemas"]["VenueId"];
            uploaded_by_name: string;
            created: components["schemas"]["UtcMs"];
            distributed?: null | components["schemas"]["UtcMs"];
            /** @description Who asks may rename and remove it. */
            may_change: boolean;
            /**
             * Format: int32
             * @description Venues that have opened it; null for those who do not steer.
             */
            opened?: number | null;
        };
        /** @description What is absent stays as it is. A change of the time asks every venue anew. Also books a meeting anew from which something was taken. */
        MeetingPatch: {
            title?: string | null;
            mode?: null | components["schemas"]["Mode"];
            starts?: null | components["schemas"]["UtcMs"];
            ends?: null | components["schemas"]["UtcMs"];
            chair?: null | components["schemas"]["PersonId"];
            desk?: components["schemas"]["NewDeskPerson"][] | null;
            main?: null | components["schemas"]["VenueId"];
            branches?: components["schemas"]["VenueId"][] | null;
            agenda?: components["schemas"]["AgendaPoint"][] | null;
            papers?: components["schemas"]["Paper"][] | null;
            column?: null | components["schemas"]["ColumnId"];
            audience?: null | components["schemas"]["Audience"];
            walk_in?: boolean | null;
            notice?: string | null;
            picture?: null | components["schemas"]["PictureSize"];
            take?: boolean;
            scope?: components["schemas"]["Scope"];
        };
        /**
         * @description Where a meeting stands.
         * @enum {string}
         */
        MeetingState: "booked" | "open" | "closed" | "cancelled";
        MeetingVenue: {
            venue: components["schemas"]["VenueId"];
            /** @description As it was when booked. */
            title: string;
            /** @description Whose venue it is. */
            unit: components["schemas"]["UnitId"];
            role: components["schemas"]["VenueRole"];
            /** @description Who booked has no say over the venue: it is asked, and held only once it has accepted. */
            invited: boolean;
            reply: components["schemas"]["Reply"];
            /**
             * Format: int32
             * @description How many will come.
             */
            headcount?: number | null;
            remark: string;
            replied_by?: null | components["schemas"]["PersonId"];
            replied_at?: null | components["schemas"]["UtcMs"];
        };
        MinuteQuality: {
            at: components["schemas"]["UtcMs"];
            grade: components["schemas"]["Grade"];
            /** Format: int32 */
            up_kbps: number;
            /** Format: int32 */
            down_kbps: number;
            /** Format: int32 */
            least_kbps: number;
            /**
             * Format: double
             * @description Of both ways the worse, in per cent.
             */
            loss_percent: number;
            /** Format: int32 */
            rtt_ms: number;
            /**
             * Format: int32
             * @description The picture stood still on its screen.
             */
            frozen_seconds: number;
        };
        MinutesVersionView: {
            /** Format: int32 */
            version: number;
            at: components["schemas"]["UtcMs"];
            /** @description The draft from the log, not somebody's text. */
            is_from_log: boolean;
            /** @description Empty: the server. */
            person_name: string;
        };
        MinutesView: {
            /**
             * Format: int32
             * @description 0: a draft that is not kept yet.
             */
            version: number;
            /** @description Lines of text: `#` title, `##` heading, `-` item, `>` note, `|` table. */
            text: string;
            is_from_log: boolean;
            /** @description The newest first. */
            versions: components["schemas"]["MinutesVersionView"][];
        };
        /** @description A stretch of an asset for which the tape holds nothing. */
        MissingStretch: {
            from: components["schemas"]["UtcMs"];
            to: components["schemas"]["UtcMs"];
            reason: string;
        };
        /** @enum {string} */
        Mode: "lecture" | "discussion" | "training" | "emergency";
        MonthSum: {
            /**
             * Format: int32
             * @description 1 to 12.
             */
            month: number;
            sum: components["schemas"]["Sum"];
        };
        MyPerson: {
            id: components["schemas"]["PersonId"];
            name: string;
            display_name: string;
            /** @description Where notices go by mail. */
            email?: string | null;
        };
        MyRole: {
            role: components["schemas"]["Role"];
            unit: components["schemas"]["UnitId"];
            unit_title: string;
        };
        /** @description A stretch of a channel's tape to be cut by hand. */
        NewAsset: {
            title: string;
            description?: string;
            channel: components["schemas"]["ChannelId"];
            column: components["schemas"]["ColumnId"];
            from: components["schemas"]["UtcMs"];
            /** @description May lie in the future: the cut is made when the tape has it. */
            to: components["schemas"]["UtcMs"];
        };
        /** @description A channel as it is typed in. */
        NewChannel: {
            /** @description Lower-case letters, digits and dashes; stands in addresses and on disk. */
            id: components["schemas"]["ChannelId"];
            title: string;
            source: components["schemas"]["SourceSettings"];
            /**
             * Format: int32
             * @description The service's number in its multiplex; absent where it is the only one.
             */
            service?: number | null;
            /** @description The character set of guide texts that do not name theirs. */
            charset?: string | null;
            /**
             * Format: int32
             * @description Hours of tape that are kept; absent: as configured.
             */
            keep_hours?: number | null;
            /**
             * Format: int64
             * @description Bytes of tape that are kept at most; absent: as configured.
             */
            keep_bytes?: number | null;
            enabled?: boolean | null;
            /** @description `public`, `signed_in` or `network:<name>`. */
            audience?: string | null;
            unit?: null | components["schemas"]["UnitId"];
        };
        NewDeskPerson: {
            person: components["schemas"]["PersonId"];
            duty: components["schemas"]["Duty"];
            acts_for?: null | components["schemas"]["PersonId"];
        };
        NewGrant: {
            person: components["schemas"]["PersonId"];
            role: components["schemas"]["Role"];
            /** @description The role is valid on this unit and on all below it. */
            unit: components["schemas"]["UnitId"];
        };
        NewGuestLink: {
            /** @description Whom it is for. */
            title: string;
            /**
             * Format: int32
             * @description How many guests come by it; 20 when absent, at most 200.
             */
            most?: number | null;
            /** @description They come in with the venues, without being let in one by one. */
            walks_in?: boolean;
            expires?: null | components["schemas"]["UtcMs"];
        };
        NewMeeting: {
            /** @description The unit that books; takes the chair role on it. */
            unit: components["schemas"]["UnitId"];
            title: string;
            mode: components["schemas"]["Mode"];
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            chair?: null | components["schemas"]["PersonId"];
            desk?: components["schemas"]["NewDeskPerson"][];
            main: components["schemas"]["VenueId"];
            branches?: components["schemas"]["VenueId"][];
            /** @description Saved groups whose venues are branches too. */
            groups?: components["schemas"]["VenueGroupId"][];
            agenda?: components["schemas"]["AgendaPoint"][];
            papers?: components["schemas"]["Paper"][];
            column?: null | components["schemas"]["ColumnId"];
            audience?: null | components["schemas"]["Audience"];
            /** @description Whoever is signed in may join without being invited. */
            walk_in?: boolean;
            /** @description For the waiting room. */
            notice?: string;
            picture?: null | components["schemas"]["PictureSize"];
            repeat?: null | components["schemas"]["Repeat"];
            /** @description Take venues and lines that units below have booked. */
            take?: boolean;
        };
        NewMinutes: {
            /** @description Absent: drafted anew from the log. */
            text?: string | null;
            /**
             * Format: int32
             * @description The version it was made from; 0 where there was none yet. Another than the newest is refused.
             */
            after: number;
        };
        NewNumber: {
            /** @description `site` or `person`; a meeting gets its number when it is booked. */
            kind: components["schemas"]["HolderKind"];
            /** @description Of the site or person. */
            id: string;
            segment?: null | components["schemas"]["NumberSegmentId"];
            /** @description As people type it; absent: the next free one. */
            number?: string | null;
        };
        NewNumberSegment: {
            /** @description Chosen (`a-z 0-9 -`); made up when absent. */
            id?: string | null;
            parent?: null | components["schemas"]["NumberSegmentId"];
            /** @description Who gives out its numbers and may divide it. */
            unit: components["schemas"]["UnitId"];
            title?: string;
            /** @description A prefix with the length (`61xxxx`) or both ends (`613000-613499`). */
            range: string;
            /** @description Ranges or single numbers in it that are kept back. */
            reserved?: string[];
            /**
             * Format: int64
             * @description How many days a freed number is not given anew; 90 when absent.
             */
            cooling_days?: number | null;
        };
        NewPassword: {
            password: string;
        };
        /** @description Holds a password, so it is not `Debug`. */
        NewPerson: {
            /** @description The sign-in name: 1 to 64 characters without blanks, kept in lower case. */
            name: string;
            /** @description The name when absent. */
            display_name?: string | null;
            unit: components["schemas"]["UnitId"];
            disabled?: boolean;
            /** @description Without one the person cannot sign in until it is set. */
            password?: string | null;
        };
        NewReply: {
            venue?: null | components["schemas"]["VenueId"];
            reply: components["schemas"]["Reply"];
            /**
             * Format: int32
             * @description How many will come.
             */
            headcount?: number | null;
            remark?: string;
        };
        /** @description A rule as it is typed in. */
        NewRule: {
            title?: string;
            title_match?: components["schemas"]["TitleMatch"];
            channel?: null | components["schemas"]["ChannelId"];
            weekdays?: components["schemas"]["Weekdays"];
            from_time?: null | components["schemas"]["TimeOfDay"];
            to_time?: null | components["schemas"]["TimeOfDay"];
            column: components["schemas"]["ColumnId"];
            /** Format: int32 */
            pad_before_seconds?: number;
            /** Format: int32 */
            pad_after_seconds?: number;
            /** Format: int32 */
            keep_last?: number | null;
            /** Format: int32 */
            keep_days?: number | null;
            enabled?: boolean | null;
        };
        NewSite: {
            /** @description Chosen (`a-z 0-9 -`); made up when absent. */
            id?: string | null;
            unit: components["schemas"]["UnitId"];
            title: string;
            /**
             * Format: int64
             * @description Of the line to the parent's site; absent where the line is no limit.
             */
            capacity_kbps?: number | null;
            /**
             * Format: int64
             * @description The part of the line that media may use, 1 to 100; 50 when absent.
             */
            media_share_percent?: number | null;
            /** @description `audio`, `270p`, `480p`, `720p` or `1080p`; absent: all. */
            highest_rung?: string | null;
            /** @description Whom to phone when the line is poor. */
            contact_name?: string | null;
            contact_phone?: string | null;
        };
        /** @description A programme of every week, as typed in. */
        NewSlot: {
            weekdays: components["schemas"]["Weekdays"];
            start: components["schemas"]["TimeOfDay"];
            /** @description Not after `start`: on the day after. */
            end: components["schemas"]["TimeOfDay"];
            title: string;
        };
        NewStand: {
            /** @description As the computer shows it. */
            code: string;
            /** @description What the computer is called; by its place in the list when absent. */
            title?: string | null;
        };
        NewToken: {
            /** @description What it is for. */
            name: string;
            /** @description At most what the owner holds. */
            roles: components["schemas"]["RoleOn"][];
            expires?: null | components["schemas"]["UtcMs"];
        };
        NewUnit: {
            /** @description Chosen, such as an administrative division code (`a-z 0-9 -`); made up when absent. */
            id?: string | null;
            parent: components["schemas"]["UnitId"];
            kind: components["schemas"]["UnitKind"];
            /** @description The local word for the level: 省, 市, 县, 街道 … */
            level?: string;
            title: string;
            /**
             * Format: int64
             * @description Order among the units of one parent.
             */
            position?: number;
        };
        NewVenueGroup: {
            /** @description Takes the chair role on it. */
            unit: components["schemas"]["UnitId"];
            title: string;
            venues: components["schemas"]["VenueId"][];
        };
        /** @description A venue of the meeting that has not opened a paper. */
        NotOpened: {
            venue: components["schemas"]["VenueId"];
            title: string;
        };
        Notice: {
            id: components["schemas"]["NoticeId"];
            person?: null | components["schemas"]["PersonId"];
            unit?: null | components["schemas"]["UnitId"];
            kind: components["schemas"]["NoticeKind"];
            meeting: components["schemas"]["MeetingId"];
            text: string;
            at: components["schemas"]["UtcMs"];
            read_at?: null | components["schemas"]["UtcMs"];
            /** @description The meeting waits for an answer of whom it was told to. */
            asks_reply: boolean;
        };
        /** @description Something that a person or a unit was told. */
        NoticeId: string;
        /** @enum {string} */
        NoticeKind: "invited" | "changed" | "cancelled" | "taken";
        /** @description A line of the directory. */
        NumberEntry: {
            number: string;
            kind: components["schemas"]["HolderKind"];
            /** @description Of the site, person or meeting. */
            id: string;
            title: string;
            unit: components["schemas"]["UnitId"];
            /** @description The titles from below the root: `/山东省/济南市`. */
            unit_path: string;
            segment?: null | components["schemas"]["NumberSegmentId"];
            /** @description This is an old number; the present one. */
            alias_of?: string | null;
            /** @description Of another unit's segment, since something moved: to be changed. */
            foreign: boolean;
            until?: null | components["schemas"]["UtcMs"];
            given: components["schemas"]["UtcMs"];
        };
        /** @description A segment of the plan, with how full it is. */
        NumberSegment: {
            id: components["schemas"]["NumberSegmentId"];
            parent?: null | components["schemas"]["NumberSegmentId"];
            unit: components["schemas"]["UnitId"];
            unit_title: string;
            title: string;
            /** @description `61xxxx` or `613000-613499`. */
            range: string;
            first: string;
            last: string;
            reserved: string[];
            /** Format: int32 */
            cooling_days: number;
            /** @description Its unit is no longer below the one that handed it down. */
            foreign: boolean;
            usage: components["schemas"]["Use"];
            created: components["schemas"]["UtcMs"];
        };
        /** @description A segment of the number plan. */
        NumberSegmentId: string;
        /** @description What is absent stays as it is. Numbers that are given stay valid whatever changes. */
        NumberSegmentPatch: {
            unit?: null | components["schemas"]["UnitId"];
            title?: string | null;
            range?: string | null;
            reserved?: string[] | null;
            /** Format: int64 */
            cooling_days?: number | null;
        };
        OccurrenceCheck: {
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            fits: boolean;
            picture?: null | components["schemas"]["PictureSize"];
            /** @description Venues and people that are not free. */
            busy: components["schemas"]["Busy"][];
            bottleneck?: null | components["schemas"]["ShortLine"];
            /** @description With `take`: the meetings of units below that would lose their venues and lines. */
            takes: components["schemas"]["MeetingId"][];
        };
        /** @description A service of the multiplex that a channel comes from. */
        OfferedService: {
            /** Format: int32 */
            service: number;
            /** @description Its own name (SDT); empty where none is announced. */
            title: string;
            scrambled: boolean;
            streams: components["schemas"]["OfferedStream"][];
        };
        OfferedStream: {
            /** Format: int32 */
            pid: number;
            /** @description `h264`, `mpeg2_video`, `aac_adts` … */
            kind: components["schemas"]["StreamKind"];
            language?: string | null;
        };
        OneMeeting: components["schemas"]["Meeting"] & {
            /** @description The caller may change it, call it off, and run its desk. */
            may_change: boolean;
        };
        /** @description A venue opened a paper, first then. */
        Opening: {
            venue: components["schemas"]["VenueId"];
            title: string;
            /** @description Of the person; empty for a guest. */
            name: string;
            at: components["schemas"]["UtcMs"];
        };
        Order: {
            /** @description All papers of the meeting, each once. */
            papers: components["schemas"]["PaperId"][];
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Asset: {
            items: {
                id: components["schemas"]["AssetId"];
                title: string;
                description: string;
                column: components["schemas"]["ColumnId"];
                channel: components["schemas"]["ChannelId"];
                channel_title: string;
                /** @description The programme's times. */
                start: components["schemas"]["UtcMs"];
                end: components["schemas"]["UtcMs"];
                /** @description What was cut, or will be. */
                from: components["schemas"]["UtcMs"];
                to: components["schemas"]["UtcMs"];
                /** Format: int64 */
                duration_ms: number;
                state: components["schemas"]["AssetState"];
                /**
                 * Format: double
                 * @description 0 to 1 while it is taped or transcoded.
                 */
                progress?: number | null;
                error?: string | null;
                /** @description It can be played now, whatever its state. */
                playable: boolean;
                master_url: string;
                poster_url?: string | null;
                thumbnails_url?: string | null;
                renditions: components["schemas"]["Rendition"][];
                /** @description Stretches for which the tape holds nothing. */
                gaps: components["schemas"]["MissingStretch"][];
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_CalledPerson: {
            items: {
                meeting: components["schemas"]["MeetingId"];
                title: string;
                /** @description Who is called. */
                venue: components["schemas"]["VenueId"];
                venue_title: string;
                since: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Channel: {
            items: (components["schemas"]["ChannelSettings"] & {
                signal: components["schemas"]["Signal"];
                now?: null | components["schemas"]["Programme"];
                next?: null | components["schemas"]["Programme"];
                live_url: string;
            })[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Column: {
            items: {
                /** @description Lower-case letters, digits and dashes; stands in addresses. */
                id: components["schemas"]["ColumnId"];
                title: string;
                /** @description `public` (signed in, or on a named network), `signed_in`, or `network:<name>`. */
                audience?: string;
                unit?: null | components["schemas"]["UnitId"];
                /** Format: int64 */
                position?: number;
                on_front?: boolean;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Entry: {
            items: {
                /** Format: int64 */
                sequence: number;
                at: components["schemas"]["UtcMs"];
                /** @description `person`, `token`, `server` or `anonymous`. */
                actor: string;
                person?: null | components["schemas"]["PersonId"];
                person_name?: string | null;
                token?: null | components["schemas"]["TokenId"];
                address?: string | null;
                /** @description Noun and verb: `channel.create`. */
                action: string;
                /** @description The id of what was changed. */
                object: string;
                unit?: null | components["schemas"]["UnitId"];
                before?: Record<string, never> | null;
                after?: Record<string, never> | null;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Grant: {
            items: {
                id: components["schemas"]["GrantId"];
                person: components["schemas"]["PersonId"];
                role: components["schemas"]["Role"];
                /** @description The role is valid on this unit and on all below it. */
                unit: components["schemas"]["UnitId"];
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_GuestLink: {
            items: {
                id: components["schemas"]["GuestLinkId"];
                meeting: components["schemas"]["MeetingId"];
                /** @description Whom it is for. */
                title: string;
                /**
                 * Format: int32
                 * @description So many guests come by it.
                 */
                most: number;
                /** @description Its guests come in with the venues; those of other links are let in by the chair, one by one. */
                walks_in: boolean;
                expires?: null | components["schemas"]["UtcMs"];
                made_by?: null | components["schemas"]["PersonId"];
                made_by_name: string;
                created: components["schemas"]["UtcMs"];
                revoked?: null | components["schemas"]["UtcMs"];
                /** @description The guests who came by it. */
                guests: components["schemas"]["Guest"][];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Invitee: {
            items: {
                venue: components["schemas"]["VenueId"];
                title: string;
                unit: components["schemas"]["UnitId"];
                unit_title: string;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Job: {
            items: {
                id: components["schemas"]["JobId"];
                kind: string;
                asset: components["schemas"]["AssetId"];
                title: string;
                state: components["schemas"]["JobState"];
                /**
                 * Format: double
                 * @description 0 to 1.
                 */
                progress: number;
                /**
                 * Format: int64
                 * @description How long it will probably take, while it runs.
                 */
                eta_seconds?: number | null;
                /** Format: int32 */
                attempts: number;
                error?: string | null;
                created: components["schemas"]["UtcMs"];
                started?: null | components["schemas"]["UtcMs"];
                finished?: null | components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Meeting: {
            items: {
                id: components["schemas"]["MeetingId"];
                series?: null | components["schemas"]["SeriesId"];
                /** @description The unit that booked it. */
                unit: components["schemas"]["UnitId"];
                title: string;
                mode: components["schemas"]["Mode"];
                starts: components["schemas"]["UtcMs"];
                ends: components["schemas"]["UtcMs"];
                chair: components["schemas"]["PersonId"];
                chair_name: string;
                desk: components["schemas"]["DeskPerson"][];
                /** @description The main venue is the first. */
                venues: components["schemas"]["MeetingVenue"][];
                agenda: components["schemas"]["AgendaPoint"][];
                papers: components["schemas"]["Paper"][];
                column?: null | components["schemas"]["ColumnId"];
                /** @description Who may watch: `public`, `signed_in` or `network:<name>`. */
                audience: string;
                /** @description Whoever is signed in may join without being invited. */
                walk_in: boolean;
                /** @description Shown in the waiting room. */
                notice: string;
                /** @description By which it is joined and called; a series has one together. It is in the number plan, not among the meeting's columns. */
                number?: string | null;
                /** @description The picture that every receiver gets and that lines are reserved for. */
                picture: components["schemas"]["PictureSize"];
                /**
                 * Format: int32
                 * @description Picture and sound of one receiver.
                 */
                copy_kbps: number;
                state: components["schemas"]["MeetingState"];
                taken_by?: null | components["schemas"]["MeetingId"];
                /**
                 * Format: int32
                 * @description How often it was changed.
                 */
                revision: number;
                booked_by?: null | components["schemas"]["PersonId"];
                booked_by_name: string;
                created: components["schemas"]["UtcMs"];
                started?: null | components["schemas"]["UtcMs"];
                ended?: null | components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_MeetingPaper: {
            items: {
                id: components["schemas"]["PaperId"];
                title: string;
                file_name: string;
                kind: components["schemas"]["PaperKind"];
                media_type: string;
                /** Format: int64 */
                bytes: number;
                /**
                 * Format: int32
                 * @description The point of the agenda it belongs to, from 0.
                 */
                point?: number | null;
                venue?: null | components["schemas"]["VenueId"];
                uploaded_by_name: string;
                created: components["schemas"]["UtcMs"];
                distributed?: null | components["schemas"]["UtcMs"];
                /** @description Who asks may rename and remove it. */
                may_change: boolean;
                /**
                 * Format: int32
                 * @description Venues that have opened it; null for those who do not steer.
                 */
                opened?: number | null;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Notice: {
            items: {
                id: components["schemas"]["NoticeId"];
                person?: null | components["schemas"]["PersonId"];
                unit?: null | components["schemas"]["UnitId"];
                kind: components["schemas"]["NoticeKind"];
                meeting: components["schemas"]["MeetingId"];
                text: string;
                at: components["schemas"]["UtcMs"];
                read_at?: null | components["schemas"]["UtcMs"];
                /** @description The meeting waits for an answer of whom it was told to. */
                asks_reply: boolean;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_NumberEntry: {
            items: {
                number: string;
                kind: components["schemas"]["HolderKind"];
                /** @description Of the site, person or meeting. */
                id: string;
                title: string;
                unit: components["schemas"]["UnitId"];
                /** @description The titles from below the root: `/山东省/济南市`. */
                unit_path: string;
                segment?: null | components["schemas"]["NumberSegmentId"];
                /** @description This is an old number; the present one. */
                alias_of?: string | null;
                /** @description Of another unit's segment, since something moved: to be changed. */
                foreign: boolean;
                until?: null | components["schemas"]["UtcMs"];
                given: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_NumberSegment: {
            items: {
                id: components["schemas"]["NumberSegmentId"];
                parent?: null | components["schemas"]["NumberSegmentId"];
                unit: components["schemas"]["UnitId"];
                unit_title: string;
                title: string;
                /** @description `61xxxx` or `613000-613499`. */
                range: string;
                first: string;
                last: string;
                reserved: string[];
                /** Format: int32 */
                cooling_days: number;
                /** @description Its unit is no longer below the one that handed it down. */
                foreign: boolean;
                usage: components["schemas"]["Use"];
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_OfferedService: {
            items: {
                /** Format: int32 */
                service: number;
                /** @description Its own name (SDT); empty where none is announced. */
                title: string;
                scrambled: boolean;
                streams: components["schemas"]["OfferedStream"][];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Person: {
            items: {
                id: components["schemas"]["PersonId"];
                /** @description The sign-in name, in lower case. */
                name: string;
                display_name: string;
                /** @description Where notices go. */
                email?: string | null;
                unit: components["schemas"]["UnitId"];
                /** @description Cannot sign in, and neither sessions nor tokens of theirs are honoured. */
                disabled: boolean;
                /** @description Whether a password was ever set: without one, no sign-in. */
                has_password: boolean;
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Programme: {
            items: {
                channel: components["schemas"]["ChannelId"];
                event: components["schemas"]["EventKey"];
                title: string;
                /** @description The short event text; empty where there is none. */
                subtitle: string;
                /** @description The extended event text; empty where there is none. */
                description: string;
                start: components["schemas"]["UtcMs"];
                end: components["schemas"]["UtcMs"];
                source: components["schemas"]["Source"];
                /** @description The stream says that it is on now. */
                running: boolean;
                /** @description The stream says that it is scrambled (free_CA_mode). */
                scrambled?: boolean;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Rule: {
            items: {
                id: components["schemas"]["RuleId"];
                title: string;
                title_match?: components["schemas"]["TitleMatch"];
                channel?: null | components["schemas"]["ChannelId"];
                /** @description Empty: every day. */
                weekdays?: components["schemas"]["Weekdays"];
                from_time?: null | components["schemas"]["TimeOfDay"];
                to_time?: null | components["schemas"]["TimeOfDay"];
                column: components["schemas"]["ColumnId"];
                /** Format: int32 */
                pad_before_seconds?: number;
                /** Format: int32 */
                pad_after_seconds?: number;
                /**
                 * Format: int32
                 * @description Only the newest so many are kept.
                 */
                keep_last?: number | null;
                /**
                 * Format: int32
                 * @description Kept for so many days after the day it was on.
                 */
                keep_days?: number | null;
                enabled: boolean;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Site: {
            items: {
                id: components["schemas"]["SiteId"];
                unit: components["schemas"]["UnitId"];
                title: string;
                /**
                 * Format: int32
                 * @description Of the line to the parent's site; null where the line is no limit (the machine room's own network).
                 */
                capacity_kbps?: number | null;
                /**
                 * Format: int32
                 * @description The part of the line that media may use.
                 */
                media_share_percent: number;
                /** @description The highest rung that is offered to this site; null: all. */
                highest_rung?: string | null;
                /** @description Whom to phone when the line is poor. */
                contact_name?: string | null;
                contact_phone?: string | null;
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Slot: {
            items: {
                id: components["schemas"]["SlotId"];
                weekdays: components["schemas"]["Weekdays"];
                start: components["schemas"]["TimeOfDay"];
                end: components["schemas"]["TimeOfDay"];
                title: string;
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Token: {
            items: {
                id: components["schemas"]["TokenId"];
                /** @description The owner: a token never may more than they may at the time. */
                person: components["schemas"]["PersonId"];
                name: string;
                roles: components["schemas"]["RoleOn"][];
                created: components["schemas"]["UtcMs"];
                expires?: null | components["schemas"]["UtcMs"];
                last_used?: null | components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_Unit: {
            items: {
                id: components["schemas"]["UnitId"];
                parent?: null | components["schemas"]["UnitId"];
                kind: components["schemas"]["UnitKind"];
                /** @description The local word for the level: 省, 市, 县, 街道 … */
                level: string;
                title: string;
                /**
                 * Format: int64
                 * @description Order among the units of one parent.
                 */
                position: number;
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description A page of a list; with `next` as `cursor` follows the page after it, null at the end. */
        Page_VenueGroup: {
            items: {
                id: components["schemas"]["VenueGroupId"];
                unit: components["schemas"]["UnitId"];
                title: string;
                venues: components["schemas"]["VenueId"][];
                created: components["schemas"]["UtcMs"];
            }[];
            next?: string | null;
        };
        /** @description What a computer that is not paired shows. */
        PairingCode: {
            /** @description Eight digits. */
            code: string;
            /** @description By which it asks whether it was paired. */
            secret: string;
            /** Format: int64 */
            valid_milliseconds: number;
        };
        /** @enum {string} */
        PairingState: "waiting" | "paired" | "ended";
        /** @description A paper that is handed out; the file is not kept here. */
        Paper: {
            title: string;
            /**
             * Format: int32
             * @description The point of the agenda it belongs to, from 0.
             */
            point?: number | null;
        };
        /** @description A file of a meeting. */
        PaperId: string;
        /**
         * @description How a paper is read.
         * @enum {string}
         */
        PaperKind: "pdf" | "picture" | "office";
        /** @description What is absent stays as it is. */
        PaperPatch: {
            title?: string | null;
            /**
             * Format: int32
             * @description Null: of no point of the agenda.
             */
            point?: number | null;
        };
        PartUse: {
            id: components["schemas"]["NumberSegmentId"];
            unit: components["schemas"]["UnitId"];
            unit_title: string;
            range: string;
            /** Format: int64 */
            total: number;
            /**
             * Format: int64
             * @description In it and all its parts.
             */
            given: number;
        };
        Person: {
            id: components["schemas"]["PersonId"];
            /** @description The sign-in name, in lower case. */
            name: string;
            display_name: string;
            /** @description Where notices go. */
            email?: string | null;
            unit: components["schemas"]["UnitId"];
            /** @description Cannot sign in, and neither sessions nor tokens of theirs are honoured. */
            disabled: boolean;
            /** @description Whether a password was ever set: without one, no sign-in. */
            has_password: boolean;
            created: components["schemas"]["UtcMs"];
        };
        /** @description A person who can sign in. */
        PersonId: string;
        /** @description What is absent stays as it is. */
        PersonPatch: {
            name?: string | null;
            display_name?: string | null;
            /** @description Where notices go; null takes it away. */
            email?: string | null;
            unit?: null | components["schemas"]["UnitId"];
            disabled?: boolean | null;
        };
        /** @enum {string} */
        Phase: "called" | "gathering" | "roll_call" | "in_session" | "break" | "closed";
        /**
         * @description What every receiver of a meeting gets. `audio`: sound only.
         * @enum {string}
         */
        PictureSize: "audio" | "270p" | "480p" | "720p" | "1080p";
        Poll: {
            venues: components["schemas"]["VenueId"][];
            /** Format: int32 */
            seconds: number;
            /** @description So many at once: more than one on the wall. */
            at_once: number;
            /** @description The first of those that are shown. */
            at: number;
            /** @description Since when they are shown; while paused, the moment they would have been shown since. */
            since: components["schemas"]["UtcMs"];
            paused?: null | components["schemas"]["UtcMs"];
        };
        Presence: {
            /** @enum {string} */
            is: "absent";
        } | {
            since: components["schemas"]["UtcMs"];
            /** @enum {string} */
            is: "ringing";
        } | {
            since: components["schemas"]["UtcMs"];
            /** @description When it asked last: it asks every two seconds. */
            asked?: components["schemas"]["UtcMs"];
            /** @enum {string} */
            is: "waiting";
        } | {
            /** @enum {string} */
            is: "in";
        } | {
            since: components["schemas"]["UtcMs"];
            /** @enum {string} */
            is: "away";
        } | {
            /** @enum {string} */
            is: "removed";
        };
        /** @description What a rule would take in the coming week, and has on the tape now. */
        Preview: {
            items: components["schemas"]["Programme"][];
            /** @description The rule in words. */
            words: string;
            /** @description Why it takes nothing, where it does not. */
            warning?: string | null;
        };
        /**
         * @description A problem document. `code` is a stable word for programs, `detail` names the thing and the reason for people,
         *     `instance` is an id that is also in the log.
         */
        Problem: {
            type: string;
            title: string;
            /** Format: int32 */
            status: number;
            code: string;
            detail: string;
            instance: string;
        };
        /** @description A programme of a channel's guide: [`start`, `end`) in tape time. */
        Programme: {
            channel: components["schemas"]["ChannelId"];
            event: components["schemas"]["EventKey"];
            title: string;
            /** @description The short event text; empty where there is none. */
            subtitle: string;
            /** @description The extended event text; empty where there is none. */
            description: string;
            start: components["schemas"]["UtcMs"];
            end: components["schemas"]["UtcMs"];
            source: components["schemas"]["Source"];
            /** @description The stream says that it is on now. */
            running: boolean;
            /** @description The stream says that it is scrambled (free_CA_mode). */
            scrambled?: boolean;
        };
        QualityReport: {
            from?: null | components["schemas"]["UtcMs"];
            to?: null | components["schemas"]["UtcMs"];
            /** @description In the order of the tree. */
            venues: components["schemas"]["VenueQuality"][];
        };
        /** @description Journeys of one level at one rate: `journeys × yuan_each = yuan`. */
        RateSum: {
            level: string;
            /** Format: int32 */
            yuan_each: number;
            /** Format: int64 */
            journeys: number;
            /** Format: int64 */
            yuan: number;
        };
        Rates: {
            /**
             * Format: int32
             * @description Per head and meeting, where nothing else is said.
             */
            yuan: number;
            /** @description By the local word for a region's level: 市, 县 …; 0: journeys from there are not counted. */
            levels?: components["schemas"]["LevelRate"][];
            /** @description Of a unit and those below it, whatever their level; 0: it is in the same town. */
            units?: components["schemas"]["UnitRate"][];
        };
        /** @description What a number reaches. */
        Reached: {
            /** @description As it is written. */
            number: string;
            kind: components["schemas"]["HolderKind"];
            /** @description Of the meeting, the venue or the person. */
            title: string;
            unit_title: string;
            /** @description The meeting; of a venue or person those that are on or begin within the hour, as far as the caller may see them. */
            meetings: components["schemas"]["ReachedMeeting"][];
        };
        ReachedMeeting: {
            id: components["schemas"]["MeetingId"];
            title: string;
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            state: components["schemas"]["MeetingState"];
        };
        ReadNotices: {
            unit?: null | components["schemas"]["UnitId"];
            /** @description The newest that was seen: what came after it stays unread. */
            up_to: components["schemas"]["NoticeId"];
        };
        /** @description Who has opened a paper, and who has not. */
        Receipts: {
            paper: components["schemas"]["PaperId"];
            opened: components["schemas"]["Opening"][];
            not_opened: components["schemas"]["NotOpened"][];
        };
        /** @description A unit directly below the one that is asked about, with all that is below it; or that one itself. */
        RegionSum: {
            unit: components["schemas"]["UnitId"];
            title: string;
            level: string;
            /** @description The unit itself, without those below it. */
            is_own: boolean;
            sum: components["schemas"]["Sum"];
        };
        /** @description One rendition that can be played. */
        Rendition: {
            name: string;
            /**
             * Format: int32
             * @description 0 × 0 for sound.
             */
            width: number;
            /** Format: int32 */
            height: number;
            /**
             * Format: int32
             * @description The peak over its segments.
             */
            bitrate_bps: number;
            /** Format: int32 */
            average_bps: number;
            /** @description RFC 6381. */
            codecs: string;
            /**
             * Format: int32
             * @description Frames per 1,000 seconds; 0 for sound.
             */
            frame_rate_milli: number;
        };
        Renumbered: {
            /** @description The new number first, then what still answers beside it. */
            numbers: components["schemas"]["NumberEntry"][];
        };
        Renumbering: {
            segment?: null | components["schemas"]["NumberSegmentId"];
            number?: string | null;
            alias_until?: null | components["schemas"]["UtcMs"];
        };
        /** @description How often, and until when. One of `until` and `count` is needed; with both, what comes first ends it. */
        Repeat: {
            every: components["schemas"]["Every"];
            /**
             * Format: date
             * @description The last day on which one may be (`2027-12-31`).
             */
            until?: string | null;
            /**
             * Format: int32
             * @description How many there are.
             */
            count?: number | null;
        };
        /**
         * @description What a venue answered.
         * @enum {string}
         */
        Reply: "pending" | "accepted" | "declined";
        /** @description What a venue may do in the room now. Pure consequence of the state: after a restart it is the same. */
        Rights: {
            /** @description It may open its microphone by itself. */
            may_unmute: boolean;
            /** @description Its microphone passes. */
            is_heard: boolean;
            is_seen: boolean;
            may_share: boolean;
            may_chat: boolean;
        };
        /**
         * @description What someone may do. Which role includes which is decided in `org::roles`.
         * @enum {string}
         */
        Role: "viewer" | "column_editor" | "operator" | "chair" | "auditor" | "administrator";
        /** @description A role on a unit's subtree. */
        RoleOn: {
            role: components["schemas"]["Role"];
            unit: components["schemas"]["UnitId"];
        };
        Roll: {
            begun?: null | components["schemas"]["UtcMs"];
            ended?: null | components["schemas"]["UtcMs"];
            answers: {
                [key: string]: components["schemas"]["Answer"];
            };
        };
        /** @enum {string} */
        RollMark: "present" | "late" | "absent";
        RoomList: {
            items: components["schemas"]["LiveRoom"][];
        };
        /** @description What a client of the LiveKit protocol needs to come in. */
        RoomToken: {
            room: string;
            identity: string;
            token: string;
            /** Format: int64 */
            expires_at: number;
        };
        /** @description A recording rule. All conditions must hold; they are about the programme's title, channel and start. */
        Rule: {
            id: components["schemas"]["RuleId"];
            title: string;
            title_match?: components["schemas"]["TitleMatch"];
            channel?: null | components["schemas"]["ChannelId"];
            /** @description Empty: every day. */
            weekdays?: components["schemas"]["Weekdays"];
            from_time?: null | components["schemas"]["TimeOfDay"];
            to_time?: null | components["schemas"]["TimeOfDay"];
            column: components["schemas"]["ColumnId"];
            /** Format: int32 */
            pad_before_seconds?: number;
            /** Format: int32 */
            pad_after_seconds?: number;
            /**
             * Format: int32
             * @description Only the newest so many are kept.
             */
            keep_last?: number | null;
            /**
             * Format: int32
             * @description Kept for so many days after the day it was on.
             */
            keep_days?: number | null;
            enabled: boolean;
        };
        /** @description A recording rule. */
        RuleId: string;
        Runs: {
            /** @description Browser, system and devices of the computer, for people. */
            runs: string;
        };
        SavingsSheet: {
            unit: components["schemas"]["UnitId"];
            title: string;
            /** Format: int32 */
            year: number;
            rates: components["schemas"]["Rates"];
            /** @description The caller may change the rates. */
            may_set_rates: boolean;
            /** @description Levels that regions of the tree have, for the rates. */
            levels: string[];
            total: components["schemas"]["Sum"];
            /** @description This year and up to four before it, as far as there were meetings. */
            years: components["schemas"]["YearSum"][];
            months: components["schemas"]["MonthSum"][];
            regions: components["schemas"]["RegionSum"][];
            /** @description How the amount comes about: it is the sum of these. */
            by_rate: components["schemas"]["RateSum"][];
            /**
             * Format: int64
             * @description People in the place of the main venue, and people whose journeys cost nothing by the rates: they saved none.
             */
            local: number;
            /** Format: int64 */
            free: number;
            /**
             * Format: int64
             * @description Of all people: typed in, announced by reply, and one for each venue that said nothing.
             */
            typed: number;
            /** Format: int64 */
            replied: number;
            /** Format: int64 */
            assumed: number;
            made: components["schemas"]["UtcMs"];
        };
        /** @description What a venue's screen shows. */
        Scene: {
            large?: null | components["schemas"]["VenueId"];
            next?: null | components["schemas"]["VenueId"];
            wall: components["schemas"]["VenueId"][];
            wall_next: components["schemas"]["VenueId"][];
        };
        /**
         * @description Of a series: this one alone, also all that follow it, or all that are still to come.
         * @enum {string}
         */
        Scope: "one" | "following" | "all";
        /**
         * @description Of three polls each has its own screen.
         * @enum {string}
         */
        Screen: "chair" | "all" | "wall";
        SegmentUse: {
            usage: components["schemas"]["Use"];
            /**
             * Format: int64
             * @description Of those that answer: the venues', the people's, the meetings', and old numbers beside new ones.
             */
            sites: number;
            /** Format: int64 */
            people: number;
            /** Format: int64 */
            meetings: number;
            /** Format: int64 */
            aliases: number;
            /**
             * Format: int64
             * @description Of those that answer: what should be changed for a number of the holder's own unit.
             */
            foreign: number;
            /** @description What was handed down. */
            parts: components["schemas"]["PartUse"][];
        };
        /** @description The meetings that one repeat rule made. */
        SeriesId: string;
        SetAnswers: {
            answers: components["schemas"]["Answers"];
        };
        /** @description Points are x and y, from 0 to 10,000. */
        Shape: {
            pen: number[][];
        } | {
            line: number[][];
        } | {
            text: {
                at: number[];
                text: string;
            };
        };
        /** @description The line that allows the least. */
        ShortLine: {
            site: components["schemas"]["SiteId"];
            site_title: string;
            /**
             * Format: int32
             * @description What media may use of the line.
             */
            share_kbps: number;
            /**
             * Format: int32
             * @description What other meetings leave of it.
             */
            free_kbps: number;
            /** @description The picture that was looked at, and what it takes on this line. */
            asked: components["schemas"]["PictureSize"];
            /** Format: int32 */
            needed_kbps: number;
            largest?: null | components["schemas"]["PictureSize"];
            held_by: components["schemas"]["Holder"][];
        };
        /** @description The state that everybody sees. */
        Shown: {
            /** Format: int64 */
            version: number;
            title: string;
            phase: components["schemas"]["Phase"];
            mode: components["schemas"]["Mode"];
            main: components["schemas"]["VenueId"];
            chair: components["schemas"]["VenueId"];
            ends: components["schemas"]["UtcMs"];
            is_extended: boolean;
            break_until?: null | components["schemas"]["UtcMs"];
            on_screen?: null | components["schemas"]["VenueId"];
            broadcast?: null | components["schemas"]["VenueId"];
            seen_there?: null | components["schemas"]["VenueId"];
            next?: null | components["schemas"]["VenueId"];
            wall: components["schemas"]["VenueId"][];
            wall_next: components["schemas"]["VenueId"][];
            poll?: null | components["schemas"]["Poll"];
            wall_poll?: null | components["schemas"]["Poll"];
            floor: components["schemas"]["Floor"];
            is_mute_locked: boolean;
            is_door_locked: boolean;
            chat: components["schemas"]["Chat"];
            layout: components["schemas"]["Layout"];
            banner: string;
            subtitle: string;
            /** Format: int32 */
            agenda?: number | null;
            paper?: null | components["schemas"]["ShownPaper"];
            roll_begun?: null | components["schemas"]["UtcMs"];
            ballot?: null | components["schemas"]["BallotShown"];
            /** @description Languages that can be listened to beside the floor. */
            interpretation: components["schemas"]["Interpreted"][];
            has_reactions: boolean;
            is_board_open: boolean;
        };
        /** @description What all who follow see. */
        ShownPaper: {
            paper: components["schemas"]["PaperId"];
            /**
             * Format: int32
             * @description From 1.
             */
            page: number;
            by?: null | components["schemas"]["VenueId"];
        };
        SignIn: {
            name: string;
            password: string;
        };
        /** @description The signal of a channel. */
        Signal: {
            state: components["schemas"]["SignalState"];
            /** @description In this state since then. */
            since: components["schemas"]["UtcMs"];
            /** @description What is wrong, for people. */
            message?: string | null;
            /**
             * Format: int64
             * @description Of the service, over the last seconds.
             */
            bitrate_bps: number;
            /**
             * Format: int64
             * @description Since the channel was started.
             */
            continuity_errors: number;
            /** Format: int64 */
            transport_errors: number;
            /** Format: int64 */
            lost_packets: number;
            scrambled: boolean;
            /** @description `h264`, `mpeg2_video` … */
            video?: string | null;
            audio?: string | null;
            /** Format: int32 */
            width: number;
            /** Format: int32 */
            height: number;
            /** @description Browsers play it as it is received; otherwise it is converted for those who watch live. */
            browser_playable: boolean;
            why_not?: string | null;
        };
        /** @enum {string} */
        SignalState: "ok" | "starting" | "missing" | "error" | "off";
        Site: {
            id: components["schemas"]["SiteId"];
            unit: components["schemas"]["UnitId"];
            title: string;
            /**
             * Format: int32
             * @description Of the line to the parent's site; null where the line is no limit (the machine room's own network).
             */
            capacity_kbps?: number | null;
            /**
             * Format: int32
             * @description The part of the line that media may use.
             */
            media_share_percent: number;
            /** @description The highest rung that is offered to this site; null: all. */
            highest_rung?: string | null;
            /** @description Whom to phone when the line is poor. */
            contact_name?: string | null;
            contact_phone?: string | null;
            created: components["schemas"]["UtcMs"];
        };
        /** @description A site: a place with a line. */
        SiteId: string;
        /** @description What is absent stays as it is; null takes it away. */
        SitePatch: {
            unit?: null | components["schemas"]["UnitId"];
            title?: string | null;
            /** Format: int64 */
            capacity_kbps?: number | null;
            /** Format: int64 */
            media_share_percent?: number | null;
            highest_rung?: string | null;
            contact_name?: string | null;
            contact_phone?: string | null;
        };
        /**
         * @description A programme that comes every week: on these days, from `start` to `end` by the clocks of the zone.
         *     An `end` not after `start` is on the day after.
         */
        Slot: {
            id: components["schemas"]["SlotId"];
            weekdays: components["schemas"]["Weekdays"];
            start: components["schemas"]["TimeOfDay"];
            end: components["schemas"]["TimeOfDay"];
            title: string;
        };
        /** @description An entry of a weekly timetable. */
        SlotId: string;
        /**
         * @description Who announced a programme.
         * @enum {string}
         */
        Source: "eit" | "timetable";
        /** @description Where a channel comes from. */
        SourceSettings: {
            /** @description `udp`, `rtp` or `file`. */
            kind: string;
            /** @description `239.1.1.1:5000`, or a path. */
            address: string;
            /** @description The network interface on which a group is joined: its name or an address of it. */
            interface?: string | null;
        };
        /** @description A computer that stands ready in a venue. */
        Stand: {
            id: components["schemas"]["StandId"];
            /** @description Whose venue it is. */
            site: components["schemas"]["SiteId"];
            title: string;
            paired_by?: null | components["schemas"]["PersonId"];
            paired_by_name: string;
            created: components["schemas"]["UtcMs"];
            last_seen?: null | components["schemas"]["UtcMs"];
            /** @description Where it was seen last. */
            address?: string | null;
            /** @description Browser, system and devices, as it says of itself. */
            runs: string;
        };
        /** @description A computer that stands ready in a venue. */
        StandId: string;
        StandLine: components["schemas"]["Stand"] & {
            /** @description It listens now. */
            is_online: boolean;
        };
        StandMeeting: {
            id: components["schemas"]["MeetingId"];
            title: string;
            number?: string | null;
            starts: components["schemas"]["UtcMs"];
            ends: components["schemas"]["UtcMs"];
            state: components["schemas"]["MeetingState"];
            chair_name: string;
            main_title: string;
            phase?: null | components["schemas"]["Phase"];
            presence?: null | components["schemas"]["Presence"];
        };
        /** @description All that a venue's computer must know. */
        StandView: {
            stand: components["schemas"]["StandId"];
            /** @description Of the computer. */
            title: string;
            venue: components["schemas"]["VenueId"];
            venue_title: string;
            unit_title: string;
            /** @description By which the venue is called. */
            number?: string | null;
            answers: components["schemas"]["Answers"];
            /** @description Today's, those that are over left out. */
            meetings: components["schemas"]["StandMeeting"][];
            calls: components["schemas"]["Call"][];
        };
        /** @description A meeting that begins at once. */
        StartNow: {
            unit: components["schemas"]["UnitId"];
            title: string;
            mode: components["schemas"]["Mode"];
            /**
             * Format: int32
             * @description How long it is meant to take; 60 when absent.
             */
            minutes?: number | null;
            chair?: null | components["schemas"]["PersonId"];
            desk?: components["schemas"]["NewDeskPerson"][];
            main: components["schemas"]["VenueId"];
            branches?: components["schemas"]["VenueId"][];
            groups?: components["schemas"]["VenueGroupId"][];
            column?: null | components["schemas"]["ColumnId"];
            audience?: null | components["schemas"]["Audience"];
            walk_in?: boolean;
            picture?: null | components["schemas"]["PictureSize"];
            take?: boolean;
        };
        Status: {
            version: string;
            started: components["schemas"]["UtcMs"];
            now: components["schemas"]["UtcMs"];
            time_zone: string;
            disk?: null | components["schemas"]["Disk"];
            channels?: null | components["schemas"]["ChannelCounts"];
            jobs?: null | components["schemas"]["JobCounts"];
            warnings: components["schemas"]["Warning"][];
        };
        /** @description A stay in the meeting. */
        Stayed: {
            came: components["schemas"]["UtcMs"];
            went?: null | components["schemas"]["UtcMs"];
        };
        /**
         * @description What an elementary stream carries, from its stream type and descriptors.
         * @enum {string}
         */
        StreamKind: "mpeg2_video" | "h264" | "h265" | "mp2" | "aac_adts" | "aac_latm" | "ac3" | "e_ac3" | "dvb_subtitle" | "teletext" | "other";
        Stroke: {
            /** @description Chosen by who draws it: letters and digits. */
            id: string;
            /** Format: int32 */
            page: number;
            colour: components["schemas"]["Colour"];
            /**
             * Format: int32
             * @description In thousandths of the page's width; the size of letters is eight times that.
             */
            width: number;
            shape: components["schemas"]["Shape"];
        };
        Sum: {
            /** Format: int64 */
            meetings: number;
            /**
             * Format: int64
             * @description Venues that attended, each meeting for itself.
             */
            venues: number;
            /**
             * Format: int64
             * @description People who attended.
             */
            people: number;
            /**
             * Format: int64
             * @description Of them, those who saved a journey.
             */
            journeys: number;
            /** Format: int64 */
            yuan: number;
        };
        /** @description What a tape holds. */
        Tape: {
            from?: null | components["schemas"]["UtcMs"];
            to?: null | components["schemas"]["UtcMs"];
            /** Format: int64 */
            bytes: number;
            gaps: components["schemas"]["MissingStretch"][];
            errors: components["schemas"]["TapeErrors"][];
            /**
             * Format: int32
             * @description How long it is kept.
             */
            hours_kept: number;
        };
        /** @description Damage on a stretch of tape. */
        TapeErrors: {
            at: components["schemas"]["UtcMs"];
            /** Format: int64 */
            continuity: number;
            /** Format: int64 */
            transport: number;
        };
        /**
         * @description A wall-clock time to the minute, written `19:00`. `24:00` is the end of a day.
         * @example 19:00
         */
        TimeOfDay: string;
        /**
         * @description How a rule's title is compared with a programme's, both folded (see [`fold_title`]).
         * @enum {string}
         */
        TitleMatch: "contains" | "exact" | "any";
        Token: {
            id: components["schemas"]["TokenId"];
            /** @description The owner: a token never may more than they may at the time. */
            person: components["schemas"]["PersonId"];
            name: string;
            roles: components["schemas"]["RoleOn"][];
            created: components["schemas"]["UtcMs"];
            expires?: null | components["schemas"]["UtcMs"];
            last_used?: null | components["schemas"]["UtcMs"];
        };
        /** @description An API token (not its secret). */
        TokenId: string;
        /** @description Something was wrong for some minutes. */
        Trouble: {
            kind: components["schemas"]["TroubleKind"];
            from: components["schemas"]["UtcMs"];
            to: components["schemas"]["UtcMs"];
            /**
             * Format: double
             * @description By kind: per cent of packets lost in the worst minute, the least kb/s, milliseconds of delay in the worst minute, seconds in all.
             */
            figure: number;
        };
        /** @enum {string} */
        TroubleKind: "away" | "loss" | "thin" | "paused" | "frozen" | "delay";
        Unit: {
            id: components["schemas"]["UnitId"];
            parent?: null | components["schemas"]["UnitId"];
            kind: components["schemas"]["UnitKind"];
            /** @description The local word for the level: 省, 市, 县, 街道 … */
            level: string;
            title: string;
            /**
             * Format: int64
             * @description Order among the units of one parent.
             */
            position: number;
            created: components["schemas"]["UtcMs"];
        };
        /** @description A region or body in the organisation tree. */
        UnitId: string;
        /**
         * @description A department is a unit like the others: it has people and may have sites and departments of its own.
         * @enum {string}
         */
        UnitKind: "region" | "body" | "department";
        /** @description What is absent stays as it is. */
        UnitPatch: {
            parent?: null | components["schemas"]["UnitId"];
            kind?: null | components["schemas"]["UnitKind"];
            level?: string | null;
            title?: string | null;
            /** Format: int64 */
            position?: number | null;
        };
        UnitRate: {
            unit: components["schemas"]["UnitId"];
            /** Format: int32 */
            yuan: number;
        };
        Unread: {
            /** Format: int32 */
            count: number;
        };
        /** @description The numbers of a segment by what became of them; the parts add up to `total`. */
        Use: {
            /** Format: int64 */
            total: number;
            /**
             * Format: int64
             * @description They answer, old numbers too.
             */
            given: number;
            /**
             * Format: int64
             * @description In parts that were handed down, whatever became of them there.
             */
            handed_down: number;
            /**
             * Format: int64
             * @description Kept back by the office or for public services.
             */
            reserved: number;
            /**
             * Format: int64
             * @description Freed lately.
             */
            resting: number;
            /** Format: int64 */
            free: number;
            next_back?: null | components["schemas"]["UtcMs"];
        };
        /**
         * Format: int64
         * @description An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
         */
        UtcMs: number;
        Venue: {
            title: string;
            /** @description Its place in the list. */
            position: number;
            /** @description It was booked, or invited by the chair; others ask to be let in. */
            is_expected: boolean;
            /** @description The chair sent it out: it comes in when the chair lets it, and by no other way. */
            must_ask?: boolean;
            presence: components["schemas"]["Presence"];
            /** @description What the chair, or who sits there, did last. */
            is_muted: boolean;
            /** @description The chair turned its camera off. */
            is_camera_off: boolean;
            may_share: boolean;
            is_sharing: boolean;
            /**
             * Format: int32
             * @description How many people sit there, as they said.
             */
            headcount?: number | null;
        };
        VenueGroup: {
            id: components["schemas"]["VenueGroupId"];
            unit: components["schemas"]["UnitId"];
            title: string;
            venues: components["schemas"]["VenueId"][];
            created: components["schemas"]["UtcMs"];
        };
        /** @description A saved group of venues. */
        VenueGroupId: string;
        VenueId: string;
        VenueQuality: {
            venue: components["schemas"]["VenueId"];
            title: string;
            unit: string;
            contact_name?: string | null;
            contact_phone?: string | null;
            /**
             * Format: int32
             * @description Of the venue's line, as the organisation has it.
             */
            capacity_kbps?: number | null;
            grade: components["schemas"]["Grade"];
            /**
             * Format: int32
             * @description Seen in all.
             */
            seconds: number;
            /** Format: int32 */
            up_kbps: number;
            /** Format: int32 */
            down_kbps: number;
            /** Format: double */
            up_loss_percent: number;
            /** Format: double */
            down_loss_percent: number;
            /** Format: int32 */
            rtt_ms: number;
            /** Format: int32 */
            worst_rtt_ms: number;
            /**
             * Format: int32
             * @description A picture gave way to the line.
             */
            paused_seconds: number;
            /**
             * Format: int32
             * @description The picture stood still on its screen, by what its own browser counted; 0 also where it counts nothing.
             */
            frozen_seconds: number;
            /**
             * Format: int32
             * @description Below 100 kb/s.
             */
            thin_seconds: number;
            /** Format: int32 */
            away_seconds: number;
            /**
             * Format: int32
             * @description It came in anew, or its connection broke for a moment.
             */
            comebacks: number;
            troubles: components["schemas"]["Trouble"][];
            minutes: components["schemas"]["MinuteQuality"][];
        };
        /**
         * @description What a venue is in a meeting; there is one main venue.
         * @enum {string}
         */
        VenueRole: "main" | "branch";
        /** @description The computers of a venue, and how they answer. */
        VenueStands: {
            answers: components["schemas"]["Answers"];
            items: components["schemas"]["StandLine"][];
        };
        VenueView: components["schemas"]["Venue"] & {
            id: components["schemas"]["VenueId"];
            rights: components["schemas"]["Rights"];
        };
        Warning: {
            what: string;
            detail: string;
            at: components["schemas"]["UtcMs"];
        };
        /** @description Days of the week, 1 (Monday) to 7 (Sunday), in order and each once. */
        Weekdays: number[];
        /** @description Whose microphones. */
        Whom: {
            one: components["schemas"]["VenueId"];
        } | "all" | {
            all_but: components["schemas"]["VenueId"][];
        };
        YearSum: {
            /** Format: int32 */
            year: number;
            sum: components["schemas"]["Sum"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
