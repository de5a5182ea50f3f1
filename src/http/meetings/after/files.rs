//! Documents as downloads.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::document::{Document, DocumentError, Documents};
use crate::http::Problem;
use crate::http::disposition::attachment;

/// As which file.
#[derive(Debug, Clone, Copy)]
pub enum Format {
    Pdf,
    Xlsx,
    Docx,
}

/// A file, with the name that it is saved by.
pub struct Download {
    format: Format,
    name: String,
    bytes: Vec<u8>,
}

impl Download {
    pub async fn make(documents: &Documents, format: Format, document: Document) -> Result<Self, Problem> {
        let name = document.title.clone();
        let bytes = match format {
            Format::Pdf => documents.pdf(document).await?,
            Format::Xlsx => documents.xlsx(document).await?,
            Format::Docx => documents.docx(document).await?,
        };
        Ok(Self { format, name, bytes })
    }
}

impl Format {
    fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
        }
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let name: String = self.name.chars().filter(|letter| !letter.is_control() && !"/\\:*?\"<>|".contains(*letter)).take(80).collect();
        let mut response = self.bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.format.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_DISPOSITION, attachment(&format!("{name}.{}", self.format.extension())));
        response
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Font(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_font", error.to_string()),
            _ => Problem::internal(&error),
        }
    }
}
