using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>No text that comes in holds a NUL: PostgreSQL stores none, and no person types one. A query with it is a bad
/// request; in a form it becomes a space. In a path the server refuses it itself. A form in UTF-7, which .NET does not read any more,
/// or whose parts end too early is one that cannot be read: no failure of ours. It comes before whoever reads a form first.</summary>
public static class NoNul
{
    public static IApplicationBuilder UseNoNul(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if ((request.QueryString.Value ?? "").Contains("%00", StringComparison.Ordinal))
            throw new BadHttpRequestException("The address holds a NUL.");
        context.Features.Set<IFormFeature>(new CleanForm(context.Features.Get<IFormFeature>() ?? new FormFeature(request)));
        return next(context);
    });

    private sealed class CleanForm(IFormFeature inner) : IFormFeature
    {
        private IFormCollection? _form = inner.Form is { } read ? Clean(read) : null;

        public bool HasFormContentType => inner.HasFormContentType;

        public IFormCollection? Form
        {
            get => _form;
            set => _form = value;
        }

        public IFormCollection ReadForm()
        {
            try
            {
                return _form ??= Clean(inner.ReadForm());
            }
            catch (Exception e) when (CannotBeRead(e))
            {
                throw new InvalidDataException("The form cannot be read.", e);
            }
        }

        public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
        {
            try
            {
                return _form ??= Clean(await inner.ReadFormAsync(cancellationToken));
            }
            catch (Exception e) when (CannotBeRead(e))
            {
                throw new InvalidDataException("The form cannot be read.", e);
            }
        }

        /// <summary>The multipart reader calls it an error of input and output where the last part has no end; and a list of types is no type of a form.</summary>
        private bool CannotBeRead(Exception e) => e is NotSupportedException or (IOException and not BadHttpRequestException) || (e is InvalidOperationException && !inner.HasFormContentType);

        private static FormCollection Clean(IFormCollection form) =>
            new(form.ToDictionary(field => field.Key, field => Clean(field.Value), StringComparer.OrdinalIgnoreCase), form.Files);

        private static StringValues Clean(StringValues values) => new([.. values.Select(value => value?.Replace('\0', ' '))]);
    }
}
