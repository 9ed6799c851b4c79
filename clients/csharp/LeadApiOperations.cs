// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// C# 7 has no annotations of null.
#pragma warning disable CS8600, CS8601, CS8602, CS8603, CS8604, CS8606, CS8625

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Attributes = System.Collections.Generic.IDictionary<string, object>;

namespace CrmLeadApi
{
    /// <remarks>
    /// Methods have the names of the operations in the OpenAPI document. Of those that
    /// write, key is the Idempotency-Key, else a new one, and ifMatch the header ETag of
    /// what is changed, as you know it.
    /// </remarks>
    public sealed partial class LeadApi
    {
        /// <summary>Tell what a lead would make, and save nothing.</summary>
        public Task<LeadApiAnswer> CheckLeadAsync(Attributes lead) =>
            WriteAsync("POST", "/api/v1/lead", lead, dryRun: true);

        /// <summary>Change the open lead of the lead's ticket, or make a lead.</summary>
        public Task<LeadApiAnswer> PutLeadAsync(
            Attributes lead, string key = null, string ifMatch = null, bool dryRun = false) =>
            WriteAsync("PUT", "/api/v1/lead", lead, null, key, ifMatch, dryRun);

        /// <summary>Change a lead: only the attributes that are sent; null empties one.
        /// </summary>
        public Task<LeadApiAnswer> ChangeLeadAsync(
            long id,
            Attributes change,
            string key = null,
            string ifMatch = null,
            bool dryRun = false) =>
            WriteAsync("PATCH", MakePath("lead", id), change, null, key, ifMatch, dryRun);

        /// <summary>Change the open lead of a ticket.</summary>
        public Task<LeadApiAnswer> ChangeLeadOfTicketAsync(
            object ticket,
            Attributes change,
            string key = null,
            string ifMatch = null,
            bool dryRun = false) =>
            WriteAsync("PATCH", "/api/v1/lead", change, OfTicket(ticket), key, ifMatch, dryRun);

        /// <summary>Put a note into the chatter of a lead.</summary>
        public Task<LeadApiAnswer> CreateNoteAsync(
            long id, Attributes note, string key = null, bool dryRun = false) =>
            WriteAsync("POST", MakePath("lead", id, "notes"), note, null, key, null, dryRun);

        /// <summary>Put a note into the chatter of a ticket's lead.</summary>
        public Task<LeadApiAnswer> CreateNoteOfTicketAsync(
            object ticket, Attributes note, string key = null, bool dryRun = false) =>
            WriteAsync("POST", "/api/v1/lead/notes", note, OfTicket(ticket), key, null, dryRun);

        /// <summary>Read a lead as it is now.</summary>
        public Task<LeadApiAnswer> ReadLeadAsync(long id) => SendAsync("GET", MakePath("lead", id));

        /// <summary>Read the leads of a ticket.</summary>
        public Task<LeadApiAnswer> ReadTicketAsync(object ticket) =>
            SendAsync("GET", "/api/v1/lead", OfTicket(ticket));

        /// <summary>Use each lead that has changed, such as since updated_since.</summary>
        public Task ReadLeadsAsync(Attributes query, Func<Attributes, Task> use) =>
            ReadPagesAsync("/api/v1/leads", query, use);

        /// <summary>Look up who is calling, by phone and agent_email.</summary>
        public Task<LeadApiAnswer> ReadCustomersAsync(Attributes query)
        {
            query = new Dictionary<string, object>(query);
            if (LeadApiJson.Get(query, "include") is IEnumerable parts && !(parts is string))
                query["include"] = string.Join(",", parts.Cast<object>());
            return SendAsync("GET", "/api/v1/customers", query);
        }

        /// <summary>Make a phone call, or change it: send what is new; null empties.
        /// </summary>
        public Task<LeadApiAnswer> PutPhoneCallAsync(
            string callId,
            Attributes call,
            string key = null,
            string ifMatch = null,
            bool dryRun = false) =>
            WriteAsync("PUT", MakePath("phone-calls", callId), call, null, key, ifMatch, dryRun);

        /// <summary>Read a phone call as it is now.</summary>
        public Task<LeadApiAnswer> ReadPhoneCallAsync(string callId) =>
            SendAsync("GET", MakePath("phone-calls", callId));

        /// <summary>Use each call of ticket_id or phone, or since updated_since.</summary>
        public Task ReadPhoneCallsAsync(Attributes query, Func<Attributes, Task> use) =>
            ReadPagesAsync("/api/v1/phone-calls", query, use);

        /// <summary>Send the recording of a phone call that has been made.</summary>
        /// <param name="sound">the file as it is</param>
        /// <param name="mediaType">of the file, such as audio/mpeg</param>
        public Task<LeadApiAnswer> PutRecordingAsync(
            string callId, byte[] sound, string mediaType, string key = null)
        {
            var headers = new Dictionary<string, string>
            {
                ["Idempotency-Key"] = key ?? MakeKey(),
                ["Content-Type"] = mediaType,
            };
            return SendBytesAsync(
                "PUT", MakePath("phone-calls", callId, "recording"), null, sound, headers);
        }

        /// <summary>Read the recording of a phone call.</summary>
        public async Task<byte[]> ReadRecordingAsync(string callId)
        {
            var path = MakePath("phone-calls", callId, "recording");
            return (await SendAsync("GET", path).ConfigureAwait(false)).Sound;
        }

        /// <summary>Read the free starts of a branch: company_id, crm_line_ids, from, to.
        /// </summary>
        public Task<LeadApiAnswer> ReadSlotsAsync(Attributes query) =>
            SendAsync("GET", "/api/v1/slots", query);

        /// <summary>Read the price of services: company_id, price_list_id, crm_line_ids.
        /// </summary>
        public Task<LeadApiAnswer> ReadQuoteAsync(Attributes query) =>
            SendAsync("GET", "/api/v1/quote", query);

        /// <summary>Make a booking for id_lead or ticket_id, or with its lead.</summary>
        public Task<LeadApiAnswer> CreateBookingAsync(Attributes booking, string key = null) =>
            WriteAsync("POST", "/api/v1/bookings", booking, key: key);

        /// <summary>Tell which booking would be made, and save nothing.</summary>
        public Task<LeadApiAnswer> CheckBookingAsync(Attributes booking) =>
            WriteAsync("POST", "/api/v1/bookings", booking, dryRun: true);

        /// <summary>Read a booking, by its id or code, as it is now.</summary>
        public Task<LeadApiAnswer> ReadBookingAsync(object booking) =>
            SendAsync("GET", MakePath("bookings", booking));

        /// <summary>Use each booking, such as of ticket_id, or company_id and day.</summary>
        public Task ReadBookingsAsync(Attributes query, Func<Attributes, Task> use) =>
            ReadPagesAsync("/api/v1/bookings", query, use);

        /// <summary>Move, change, confirm or cancel a booking, by its id or code: send what
        /// changes.</summary>
        public Task<LeadApiAnswer> ChangeBookingAsync(
            object booking, Attributes change, string key = null, string ifMatch = null) =>
            WriteAsync("PATCH", MakePath("bookings", booking), change, null, key, ifMatch);

        /// <summary>Read the name of the token's client, its rights, defaults and limits.
        /// </summary>
        public Task<LeadApiAnswer> ReadMeAsync() => SendAsync("GET", "/api/v1/me");

        /// <summary>Read the names of the reference lists.</summary>
        public Task<LeadApiAnswer> ReadListsAsync() => SendAsync("GET", "/api/v1/ref");

        /// <summary>Use each record of a reference list.</summary>
        public Task ReadListAsync(string name, Attributes query, Func<Attributes, Task> use) =>
            ReadPagesAsync(MakePath("ref", name), query, use);

        private static Attributes OfTicket(object ticket) =>
            new Dictionary<string, object> { ["ticket_id"] = ticket };

        private static string MakePath(params object[] names) =>
            "/api/v1/" + string.Join("/", names.Select(each => Uri.EscapeDataString($"{each}")));
    }
}
