// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import createClient, {type Client} from "openapi-fetch";

import {type Answer, LeadApiError, toAnswer} from "./answer.js";
import {makeTicketKey} from "./key.js";
import type {Models, Query} from "./models.js";
import {
  type ChangeOptions,
  type LeadsOptions,
  type SendOptions,
  toFlag,
  toHeaders,
  type WriteOptions,
} from "./options.js";
import {readPages} from "./pages.js";
import {type Result, unwrap} from "./result.js";
import type {operations, paths} from "./schema.js";
import {type LeadApiOptions, makeFetch, makeHeaders} from "./transport.js";

const PHONE_CALLS = "/api/v1/phone-calls";
const BOOKINGS = "/api/v1/bookings";
const MAX_LEADS = 1000; // of a request
const USUAL_LEADS = 200; // of a request, which takes some seconds
const TOO_LARGE = 413;

/**
 * Put leads into Odoo, read them, and change them.
 *
 * A request without an answer, or with an answer such as "too busy", is sent again after
 * a pause. It has the same `Idempotency-Key` each time, and so is done once. Methods have
 * the names of the operations in the OpenAPI document.
 */
export class LeadApi {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #client: Client<paths>;

  /**
   * @param url of Odoo, such as `https://odoo.example.com`
   * @param token of the client
   */
  constructor(url: string, token: string, options: LeadApiOptions = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#headers = makeHeaders(token, options);
    this.#fetch = makeFetch(options);
    this.#client = createClient<paths>({
      baseUrl: this.#url,
      headers: this.#headers,
      fetch: this.#fetch,
    });
  }

  /**
   * Make a lead. The `idempotencyKey` comes from `ticket_id` unless you name one: a
   * ticket then has one lead, however often it is sent.
   *
   * @throws LeadApiError 422 with all wrong attributes in `errors`, 409 if the key came
   * with another lead before, and others
   */
  async createLead(
    lead: Models["LeadRequest"],
    {idempotencyKey = makeTicketKey(lead.ticket_id)}: {idempotencyKey?: string} = {}
  ): Promise<Answer<Models["LeadData"]>> {
    const params = {header: {"Idempotency-Key": idempotencyKey}};
    const result = await this.#client.POST("/api/v1/lead", {params, body: lead});
    return unwrap(result as Result<Models["LeadData"]>);
  }

  /**
   * Tell what a lead would make, and save nothing.
   *
   * @throws LeadApiError as the lead itself would
   */
  async checkLead(lead: Models["LeadRequest"]): Promise<Answer<Models["DryRunData"]>> {
    const params = {query: {dry_run: "1"}} as const;
    const result = await this.#client.POST("/api/v1/lead", {params, body: lead});
    return unwrap(result as Result<Models["DryRunData"]>);
  }

  /**
   * Make many leads, in as many requests as it takes, and return a result for each, in
   * their order. Without an `idempotency_key` a lead gets one from its `ticket_id`.
   *
   * A wrong lead harms no other lead: look at the `status` of each result. After an error
   * send all leads again: leads that were made are not made twice.
   */
  async createLeads(
    leads: Iterable<Models["LeadItem"]>,
    options: LeadsOptions = {}
  ): Promise<Models["LeadResult"][]> {
    const {size = options.atomic ? MAX_LEADS : USUAL_LEADS} = options;
    const items = [...leads].map((lead) => ({
      idempotency_key: makeTicketKey(lead.ticket_id),
      ...lead,
    }));
    if (options.atomic && items.length > size) {
      throw new RangeError(`All or none: that takes ${size} leads at most.`);
    }
    const results: Models["LeadResult"][] = [];
    for (let start = 0; start < items.length; start += size) {
      results.push(
        ...(await this.#createPart(items.slice(start, start + size), options))
      );
    }
    return results.map((result, index) => ({...result, index}));
  }

  async #createPart(
    leads: Models["LeadItem"][],
    options: LeadsOptions
  ): Promise<Models["LeadResult"][]> {
    const {atomic = false, quiet = false} = options;
    const params = {query: {...toFlag(options)}};
    try {
      const result = await this.#client.POST("/api/v1/leads", {
        params,
        body: {leads, atomic, ...(quiet ? {quiet} : {})},
      });
      return unwrap(result).data.results;
    } catch (error) {
      const isTooLarge = error instanceof LeadApiError && error.status === TOO_LARGE;
      if (!isTooLarge || atomic || leads.length === 1) throw error;
      const half = Math.floor(leads.length / 2);
      const first = await this.#createPart(leads.slice(0, half), options);
      return [...first, ...(await this.#createPart(leads.slice(half), options))];
    }
  }

  /** Change the open lead of the lead's ticket, or make a lead. */
  async putLead(
    lead: Models["LeadRequest"],
    options: ChangeOptions = {}
  ): Promise<Answer<Models["UpsertedLead"]>> {
    const params = {query: toFlag(options), header: toHeaders(options)};
    return unwrap(await this.#client.PUT("/api/v1/lead", {params, body: lead}));
  }

  /** Change a lead: only the attributes that are sent; `null` empties one. */
  async changeLead(
    leadId: number,
    change: Models["LeadChange"],
    options: ChangeOptions = {}
  ): Promise<Answer<Models["ChangedLead"]>> {
    const params = {
      path: {lead_id: leadId},
      query: toFlag(options),
      header: toHeaders(options),
    };
    return unwrap(
      await this.#client.PATCH("/api/v1/lead/{lead_id}", {
        params,
        body: change,
      })
    );
  }

  /** Change the open lead of a ticket; see {@link changeLead}. */
  async changeLeadOfTicket(
    ticketId: number | string,
    change: Models["LeadChange"],
    options: ChangeOptions = {}
  ): Promise<Answer<Models["ChangedLead"]>> {
    const params = {
      query: {ticket_id: ticketId as number, ...toFlag(options)},
      header: toHeaders(options),
    };
    return unwrap(await this.#client.PATCH("/api/v1/lead", {params, body: change}));
  }

  /**
   * Put a note into the chatter of a lead. Let the `idempotencyKey` come from your own
   * data, such as the id of the phone call.
   */
  async createNote(
    leadId: number,
    note: Models["NoteRequest"],
    options: WriteOptions = {}
  ): Promise<Answer<Models["NoteData"]>> {
    const params = {
      path: {lead_id: leadId},
      query: toFlag(options),
      header: toHeaders(options),
    };
    return unwrap(
      await this.#client.POST("/api/v1/lead/{lead_id}/notes", {
        params,
        body: note,
      })
    );
  }

  /** Put a note into the chatter of a ticket's lead; see {@link createNote}. */
  async createNoteOfTicket(
    ticketId: number | string,
    note: Models["NoteRequest"],
    options: WriteOptions = {}
  ): Promise<Answer<Models["NoteData"]>> {
    const params = {
      query: {ticket_id: ticketId as number, ...toFlag(options)},
      header: toHeaders(options),
    };
    return unwrap(await this.#client.POST("/api/v1/lead/notes", {params, body: note}));
  }

  /** Read a lead as it is now. */
  async readLead(leadId: number): Promise<Answer<Models["StoredLead"]>> {
    const params = {path: {lead_id: leadId}};
    return unwrap(await this.#client.GET("/api/v1/lead/{lead_id}", {params}));
  }

  /** Read the leads of a ticket; `etag` is there if it has a single one. */
  async readTicket(
    ticketId: number | string
  ): Promise<Answer<Models["StoredLeadPage"]>> {
    const params = {query: {ticket_id: ticketId as number}};
    return unwrap(await this.#client.GET("/api/v1/lead", {params}));
  }

  /**
   * Read the leads that have changed, page by page. Keep the last `updated_at`, and begin
   * there the next time.
   */
  readLeads(
    query: Query<"read_leads", "cursor"> = {}
  ): AsyncGenerator<Models["StoredLead"]> {
    return readPages(async (cursor) => {
      const params = {query: {...query, ...cursor}};
      return unwrap(await this.#client.GET("/api/v1/leads", {params})).data;
    });
  }

  /** Look up who is calling; the client needs the right to look customers up. */
  async readCustomers(
    query: operations["read_customers"]["parameters"]["query"]
  ): Promise<Answer<Models["CustomersData"]>> {
    const {include, ...rest} = query;
    // Words with a comma between them
    const words = include && {include: [include.join(",")] as typeof include};
    const params = {query: {...rest, ...words}};
    return unwrap(await this.#client.GET("/api/v1/customers", {params}));
  }

  /** Make a phone call, or change it: send what is new; `null` empties. */
  async putPhoneCall(
    callId: string,
    call: Models["PhoneCallRequest"],
    options: ChangeOptions = {}
  ): Promise<Answer<Models["PutPhoneCall"]>> {
    const params = {
      path: {call_id: callId},
      query: toFlag(options),
      header: toHeaders(options),
    };
    return unwrap(
      await this.#client.PUT("/api/v1/phone-calls/{call_id}", {params, body: call})
    );
  }

  /** Read a phone call as it is now. */
  async readPhoneCall(callId: string): Promise<Answer<Models["StoredPhoneCall"]>> {
    const params = {path: {call_id: callId}};
    return unwrap(await this.#client.GET("/api/v1/phone-calls/{call_id}", {params}));
  }

  /** Read the phone calls of a ticket, of a phone, or that have changed; page by page. */
  readPhoneCalls(
    query: Query<"read_phone_calls", "cursor"> = {}
  ): AsyncGenerator<Models["StoredPhoneCall"]> {
    return readPages(async (cursor) => {
      const params = {query: {...query, ...cursor}};
      return unwrap(await this.#client.GET(PHONE_CALLS, {params})).data;
    });
  }

  /**
   * Send the recording of a phone call that has been made.
   *
   * @param sound the file as it is
   * @param mediaType of the file, such as `audio/mpeg`
   */
  async putRecording(
    callId: string,
    sound: Uint8Array,
    mediaType: string,
    options: {idempotencyKey?: string} = {}
  ): Promise<Answer<Models["StoredPhoneCall"]>> {
    const headers = {...toHeaders(options), "Content-Type": mediaType};
    return this.send("PUT", toRecording(callId), {body: sound, headers});
  }

  /** Read the recording of a phone call. */
  async readRecording(callId: string): Promise<Uint8Array> {
    const response = await this.#request("GET", toRecording(callId));
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Read the free starts of a branch, for the time that services take. */
  async readSlots(query: Query<"read_slots">): Promise<Answer<Models["SlotsData"]>> {
    return unwrap(await this.#client.GET("/api/v1/slots", {params: {query}}));
  }

  /** Read the price of services, each and in total. */
  async readQuote(query: Query<"read_quote">): Promise<Answer<Models["QuoteData"]>> {
    return unwrap(await this.#client.GET("/api/v1/quote", {params: {query}}));
  }

  /**
   * Make a booking for a lead (`id_lead`), or for a ticket (`ticket_id`); or with its
   * `lead`. Let the `idempotencyKey` come from your own data.
   *
   * @throws LeadApiError 409 if the time was taken meanwhile: `body` has the nearest
   * `free` starts; and others
   */
  async createBooking(
    booking: Models["BookingRequest"],
    options: {idempotencyKey?: string} = {}
  ): Promise<Answer<Models["Booking"]>> {
    const params = {header: toHeaders(options)};
    const result = await this.#client.POST(BOOKINGS, {params, body: booking});
    return unwrap(result as Result<Models["Booking"]>);
  }

  /**
   * Tell which booking would be made, and save nothing.
   *
   * @throws LeadApiError as the booking itself would
   */
  async checkBooking(
    booking: Models["BookingRequest"]
  ): Promise<Answer<Models["BookingDryRun"]>> {
    const params = {query: {dry_run: "1"}} as const;
    const result = await this.#client.POST(BOOKINGS, {params, body: booking});
    return unwrap(result as Result<Models["BookingDryRun"]>);
  }

  /** Read a booking, by its id or code, as it is now. */
  async readBooking(booking: number | string): Promise<Answer<Models["Booking"]>> {
    const params = {path: {booking: String(booking)}};
    return unwrap(await this.#client.GET("/api/v1/bookings/{booking}", {params}));
  }

  /**
   * Read the bookings of a ticket, a phone, a branch's day, or that have changed; page by
   * page.
   */
  readBookings(
    query: Query<"read_bookings", "cursor"> = {}
  ): AsyncGenerator<Models["Booking"]> {
    return readPages(async (cursor) => {
      const params = {query: {...query, ...cursor}};
      return unwrap(await this.#client.GET(BOOKINGS, {params})).data;
    });
  }

  /** Move, change, confirm or cancel a booking, by its id or code: send what changes. */
  async changeBooking(
    booking: number | string,
    change: Models["BookingChange"],
    options: Omit<ChangeOptions, "dryRun"> = {}
  ): Promise<Answer<Models["Booking"]>> {
    const params = {path: {booking: String(booking)}, header: toHeaders(options)};
    const result = await this.#client.PATCH("/api/v1/bookings/{booking}", {
      params,
      body: change,
    });
    return unwrap(result as Result<Models["Booking"]>);
  }

  /** Read the name of the token's client, its rights, defaults and limits. */
  async readMe(): Promise<Answer<Models["Me"]>> {
    return unwrap(await this.#client.GET("/api/v1/me", {}));
  }

  /** Read the names of the reference lists. */
  async readLists(): Promise<Answer<Models["ReferenceLists"]>> {
    return unwrap(await this.#client.GET("/api/v1/ref", {}));
  }

  /** Read the records of a reference list, page by page. */
  readList(
    listName: operations["read_list"]["parameters"]["path"]["list_name"],
    query: Query<"read_list", "cursor"> = {}
  ): AsyncGenerator<Models["ReferenceItem"]> {
    return readPages(async (cursor) => {
      const params = {
        path: {list_name: listName},
        query: {...query, ...cursor},
      };
      return unwrap(await this.#client.GET("/api/v1/ref/{list_name}", {params})).data;
    });
  }

  /**
   * Send a request to any address of the API, such as one of another addon. Give a request
   * that writes an `Idempotency-Key`: it may be sent several times.
   *
   * @throws LeadApiError the API refuses it, or does not answer
   */
  async send<T>(
    method: string,
    path: string,
    options: SendOptions = {}
  ): Promise<Answer<T>> {
    const response = await this.#request(method, path, options);
    const {data} = (await response.json()) as {data: T};
    return toAnswer(data, response.headers);
  }

  #request(method: string, path: string, options: SendOptions = {}): Promise<Response> {
    const url = new URL(this.#url + path);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.append(name, String(value));
    }
    const {body} = options;
    const json = body !== undefined && {"Content-Type": "application/json"};
    const headers = {...this.#headers, ...json, ...options.headers};
    const content = body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.#fetch(
      new Request(url, {method, headers, body: content as BodyInit | undefined})
    );
  }
}

function toRecording(callId: string): string {
  return `${PHONE_CALLS}/${encodeURIComponent(callId)}/recording`;
}
